"""``init``, ``migrate`` and ``demo``: preparing a database."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from core.app import application, installation
from core.config import Config
from core.contract.errors import BadInput
from core.demo import DEMO_PASSWORD, build_demo, demo_users
from core.migrating import migrate as apply_migrations
from core.store.people import Membership, UserRow
from core.web.security import create_user

SHORTEST_PASSWORD = 10


@click.command()
def migrate() -> None:
    """Prepare the database, or bring it up to this version."""
    _migrate()


@click.command()
@click.option("--email", prompt="E-mail of the first operator")
@click.option(
    "--password",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    envvar="CENTRALINO_PASSWORD",
    help="Asked for when missing; scripts give it as CENTRALINO_PASSWORD.",
)
def init(email: str, password: str) -> None:
    """Prepare an empty installation and make its first operator."""
    if "@" not in email:
        raise BadInput(f"{email!r} is no e-mail address.")
    if len(password) < SHORTEST_PASSWORD:
        raise BadInput(f"The password has {len(password)} characters; give at least 10.")
    _migrate()
    with application() as app:
        if UserRow.select().where(UserRow.email == email).exists():
            raise BadInput(f"{email} can sign in already.")
        user = create_user(app.extensions["users"], email, password, "Operator")
        Membership.create(user=user, account=None, role="operator")
    click.echo(f"{email} is the operator. Start with `centralino serve` and sign in.")


@click.command()
def demo() -> None:
    """Fill an empty database with a small company per plan; a second run keeps the data."""
    _migrate()
    with application() as app:
        if UserRow.select().exists():
            click.echo("The database has users already; its data is kept.")
        else:
            centralino = app.extensions["centralino"]
            build_demo(centralino, app.extensions["users"], datetime.now(UTC), click.echo)
        users = demo_users()
    if users:
        width = max(len(email) for email, _ in users)
        click.echo(f"Demo sign-ins (password {DEMO_PASSWORD}):")
        for email, what in users:
            click.echo(f"  {email:{width}}  {what}")


def _migrate() -> None:
    applied = apply_migrations(Config.from_environment())
    for name in applied:
        click.echo(f"prepared {name}")
    if not applied:
        click.echo("The database is up to date.")
    with installation():
        pass
