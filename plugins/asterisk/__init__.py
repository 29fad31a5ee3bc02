"""Asterisk servers as a gateway: real SIP calls, driven over ARI."""

KIND = "asterisk"
"""The plugin's name, and the kind stored in a gateway's row."""
