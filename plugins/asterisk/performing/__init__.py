"""Performs, over ARI, what the engine's instructions say; one noun to a file."""
