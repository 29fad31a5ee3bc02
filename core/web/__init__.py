"""The web admin: sign-in, pages, the number's card, and the REST interface."""
