"""What an account has beside its plan: overrides of single features, and trials of another plan."""
