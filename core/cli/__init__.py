"""The command ``centralino``: every error is one clear line and a non-zero exit."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import NoReturn

import click
import peewee

from core.cli import (
    accounts,
    comparing,
    flow,
    history,
    installing,
    numbers,
    overrides,
    plans,
    plugins,
    publishing,
    restoring,
    scenarios,
    serving,
    simulating,
    theirs,
    trials,
    users,
    why,
)
from core.contract.errors import CentralinoError, OutcomesChanged
from core.plans.file.faults import PlansFault


@click.group(cls=theirs.Commands, context_settings={"help_option_names": ["-h", "--help"]})
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
    scenarios.scenarios,
    flow.flow,
    why.why,
    plans.plans,
    accounts.account,
    numbers.number,
    overrides.override,
    trials.trial,
    users.user,
    plugins.plugins,
):
    commands.add_command(command)

for command in (
    comparing.diff,
    comparing.impact,
    publishing.publish,
    publishing.revert,
    publishing.cancel,
    restoring.restore,
    history.history,
):
    plans.plans.add_command(command)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and exit; what goes wrong is said in one line on standard error.

    Args:
        arguments: default: those of the process.
    """
    try:
        status = commands.main(arguments, prog_name="centralino", standalone_mode=False)
    except click.Abort:
        _fail("Stopped.")
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        _fail(error.format_message(), error.exit_code)
    except PlansFault as faults:
        click.echo(faults, err=True)  # each line begins with its place, as editors expect
        sys.exit(1)
    except OutcomesChanged as changed:
        _fail(_told(changed))
    except CentralinoError as error:
        _fail(str(error))
    except peewee.DatabaseError as error:
        _fail(_refusal(error))
    except OSError as error:
        _fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    sys.exit(status or 0)


def _refusal(error: peewee.DatabaseError) -> str:
    """What the database said, and what to do where that is known: only a table or a column that is
    missing asks for a migration."""
    told = " ".join(str(error).split())
    if "locked" in told:
        return f"The {told}: another program is writing to it. Try again when it has finished."
    missing = isinstance(error, peewee.ProgrammingError) or re.search("no such|no column", told)
    todo = " Is it prepared? Try `centralino migrate`." if missing else ""
    return f"The database cannot do this: {told}.{todo}"


def _told(changed: OutcomesChanged) -> str:
    """What would come out differently, and the word that saves it nevertheless."""
    listed = [one.in_words() for one in changed.differences]
    return "\n".join([str(changed), *listed, f"To save it anyway: --confirm {changed.token}"])


def _fail(sentence: str, status: int = 1) -> NoReturn:
    click.echo(f"centralino: {sentence}", err=True)
    sys.exit(status)
