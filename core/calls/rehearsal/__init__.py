"""Saved scenarios, and the rehearsal: they are run again before a changed configuration holds."""
