"""The voice menu: callers choose by key where their call goes (R4)."""
