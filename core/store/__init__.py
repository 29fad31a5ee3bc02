"""The database: how it is opened, the base of all tables, and the tables every account has."""
