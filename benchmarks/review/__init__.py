"""How long a change of the matrix takes to be reviewed in a large installation."""
