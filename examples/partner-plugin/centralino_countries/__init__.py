"""A country filter for Centralino."""
