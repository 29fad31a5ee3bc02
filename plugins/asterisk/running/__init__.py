"""The process that keeps the connections to Asterisk and lets calls happen; one noun to a file."""
