"""The plan file's own language: reading it, checking it, and all that is wrong with it at once."""
