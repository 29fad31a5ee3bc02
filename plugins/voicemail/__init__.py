"""Voicemail: takes a message for an employee or a group and lists the messages."""
