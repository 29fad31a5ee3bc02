"""Whether an event costs more where there is more of everything."""
