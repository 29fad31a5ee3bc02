"""The pages on which an admin makes menus."""


def views() -> list:
    """The pages of this plugin."""
    return []
