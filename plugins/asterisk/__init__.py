"""Asterisk servers as a gateway: real SIP calls, driven over ARI."""
