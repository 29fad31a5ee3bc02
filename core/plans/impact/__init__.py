"""Who is affected when the matrix changes, told before it is published (plans.md §5)."""
