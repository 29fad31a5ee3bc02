"""The command ``centralino``: every error is one clear line and a non-zero exit."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click
import peewee

from core.cli import installing, plans, plugins, serving, simulating
from core.contract.errors import CentralinoError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="centralino")
def commands() -> None:
    """The control plane behind a company's phone numbers."""


for command in (
    installing.init,
    installing.migrate,
    installing.demo,
    serving.serve,
    serving.jobs,
    simulating.simulate,
    plans.why,
    plans.plans,
    plugins.plugins,
):
    commands.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; what goes wrong is said in one line on standard error.

    Args:
        arguments: default: those of the process.
    """
    try:
        commands.main(arguments, prog_name="centralino", standalone_mode=False)
    except click.Abort:
        _fail("Stopped.")
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except CentralinoError as error:
        _fail(str(error))
    except peewee.DatabaseError as error:
        _fail(f"The database cannot do this: {error}. Is it prepared? Try `centralino migrate`.")
    except OSError as error:
        _fail(str(error))


def _fail(sentence: str) -> None:
    click.echo(f"centralino: {sentence}", err=True)
    sys.exit(1)
