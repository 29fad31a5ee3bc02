"""What an answer of the gate costs, beside four feature-flag libraries evaluated locally."""
