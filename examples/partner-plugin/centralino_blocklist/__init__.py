"""A block list for Centralino."""
