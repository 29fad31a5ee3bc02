"""The working day: employees start, pause and end it, and who is not at work is not rung (R7)."""
