"""Fixtures for tests of Centralino and of partners' plugins; pytest loads them by itself."""
