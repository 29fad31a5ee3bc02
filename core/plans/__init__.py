"""Plans: which features an account has and how much of them. One gate answers for every door."""
