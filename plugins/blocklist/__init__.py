"""The block list: callers who are not let through (R8)."""
