"""Revisions of the plan matrix: which is in force, how one is published, and the file on disk."""
