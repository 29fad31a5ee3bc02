"""Asks the caller to rate the conversation, and shows employees' ratings (Q6)."""
