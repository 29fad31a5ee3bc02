"""Writes the configuration of an Asterisk server from the database, and tells what is wrong."""
