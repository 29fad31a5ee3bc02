"""Centralino's core: it asks the plugins of an account's plan what to do with a call."""
