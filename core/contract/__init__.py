"""The vocabulary of Centralino: plain data that every floor above shares and that imports none."""
