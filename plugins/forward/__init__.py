"""Forward: sends a call to a number outside the company."""
