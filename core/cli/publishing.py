"""``plans publish``, ``revert`` and ``cancel``: a new revision, after a look at whom it affects."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from core.app import Centralino, installation
from core.cli.differences import print_differences
from core.cli.impacts import print_impact
from core.cli.printing import print_json
from core.cli.versions import names_revision, read_file, read_version
from core.contract.errors import BadInput
from core.plans.impact.impact import impact
from core.plans.plain import revision_json
from core.plans.revisions.rebasing import rebase, require_settled
from core.plans.revisions.revisions import Entry
from core.plans.revisions.starting import Start
from core.plans.versions import Version, version_of_revision, version_of_text
from core.store.audit import author_of

SOURCE = "command"


def decided(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every command that publishes."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print the revision; needs --yes."),
        click.option("--yes", is_flag=True, help="Do not ask."),
        click.option("--author", default="", help="Default: this machine's user."),
        click.option("--message", required=True, help="Why; kept with the revision."),
    ):
        command = option(command)
    return command


starting = click.option(
    "--from",
    "since",
    default="now",
    metavar="now|next-period|DAY",
    help="From when it holds, on each account's own calendar; default: now.",
)


@click.command()
@click.argument("file")
@starting
@click.option("--base", default="", help="What FILE was made from: a revision or its text.")
@click.option("--merge", is_flag=True, help="With --base: keep what was published since, too.")
@decided
def publish(file: str, since: str, base: str, merge: bool, **options: Any) -> None:
    """Publish FILE as a new revision of the plans."""
    with installation() as centralino:
        book = centralino.book
        if Path(file).resolve() == book.path.resolve():
            raise BadInput(
                f"{file} is this installation's own plan file: what is saved there is taken by"
                " itself. `centralino plans history` shows it."
            )
        book.look()
        version = read_file(file, centralino.registry)
        if base and merge:
            version = _merged(centralino, version, _number(centralino, base))
        elif base:
            require_settled(book, version.document, _number(centralino, base))
        _publish(centralino, version, Start.parse(since), None, **options)


@click.command()
@click.argument("number", type=int)
@starting
@decided
def revert(number: int, since: str, **options: Any) -> None:
    """Go back to the plans of revision NUMBER, by a new revision."""
    with installation() as centralino:
        centralino.book.look()
        version = version_of_revision(centralino.book.revision(number))
        _publish(centralino, version, Start.parse(since), number, **options)


@click.command()
@click.argument("number", type=int)
@decided
def cancel(number: int, message: str, author: str, yes: bool, as_json: bool) -> None:
    """Cancel revision NUMBER, which is scheduled and does not hold everywhere yet."""
    with installation() as centralino:
        book = centralino.book
        book.look()
        newest = book.newest
        entry = book.revisions.entry(number)
        if not as_json:
            click.echo(f"Revision {number} by {entry.author} from {entry.start}: {entry.message}")
        _ask("Cancel it?", yes)
        made = centralino.publisher.cancel(
            number,
            newest=newest,
            author=author_of(author),
            message=message,
            source=SOURCE,
            at=centralino.clock(),
        )
        _say(centralino, made, as_json)


def _publish(
    centralino: Centralino,
    version: Version,
    start: Start,
    reverts: int | None,
    *,
    message: str,
    author: str,
    yes: bool,
    as_json: bool,
) -> None:
    """Review, ask, publish; whoever publishes while somebody is asked comes first."""
    settled, newest = version_of_revision(centralino.book.settled()), centralino.book.newest
    if not as_json:
        _review(centralino, settled, version)
    _ask(f"Publish it from {start}?", yes)
    entry = centralino.publisher.publish(
        version.text,
        base=settled.number,
        newest=newest,
        start=start,
        author=author_of(author),
        message=message,
        source=SOURCE,
        at=centralino.clock(),
        reverts=reverts,
    )
    _say(centralino, entry, as_json)


def _merged(centralino: Centralino, version: Version, base: int) -> Version:
    """The file's changes upon what is settled by now, unless both contradict each other."""
    merged = rebase(centralino.book, version.document, base).text
    if merged is None:
        require_settled(centralino.book, version.document, base)
    return version_of_text(merged, centralino.registry, version.name)


def _number(centralino: Centralino, base: str) -> int:
    """The revision that a number names, or the last one with the text of a file."""
    if names_revision(base):
        return read_version(base, centralino.registry, centralino.book).number
    known = centralino.book.revisions.with_text(read_file(base, centralino.registry).sha)
    if not known:
        raise BadInput(f"{base} is no revision of this installation; give a number.")
    return known[-1]


def _review(centralino: Centralino, before: Version, after: Version) -> None:
    print_differences(before.document, after.document)
    documents = before.document, after.document
    found = impact(centralino.store, centralino.registry, *documents, centralino.clock())
    print_impact(found, everything=False)


def _ask(question: str, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise BadInput("Nobody can be asked here; add --yes to publish without a question.")
    click.confirm(question, abort=True, err=True)


def _say(centralino: Centralino, entry: Entry, as_json: bool) -> None:
    if as_json:
        print_json(revision_json(centralino.book, entry))
    else:
        click.echo(f"Revision {entry.number} is published; it holds from {entry.start}.")
