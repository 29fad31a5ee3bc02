"""The plan matrix in the web: the desk on which a biller changes it, its grid, its past."""
