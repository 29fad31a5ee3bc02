"""Commands run in an environment of the test's own; ``demo`` points it to a demo."""

from tests.support.commands import demo, demo_data, home, run

__all__ = ["demo", "demo_data", "home", "run"]
