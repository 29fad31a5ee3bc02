"""Brings calls from Twilio and SignalWire numbers into Centralino, over signed webhooks."""
