"""Queue groups: who of a team is rung, in which order, and what if nobody answers (R6)."""
