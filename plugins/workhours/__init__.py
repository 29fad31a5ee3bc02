"""Working hours: when a number is open, and what happens to calls outside these hours."""
