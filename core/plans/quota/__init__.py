"""Quota units: counted exactly, per account and calendar month (plans.md §6)."""
