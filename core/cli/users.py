"""``user``: lets somebody in again who has lost password or phone, from the machine itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
import peewee
from flask import Flask
from flask_babel import force_locale
from flask_security import hash_password

from core.app import application
from core.contract.errors import NotFound
from core.store.people import UserRow
from core.web.security import password_fault, turn_factor_off


@click.group()
def user() -> None:
    """Users who cannot sign in any more."""


@user.command()
@click.argument("email")
@click.option(
    "--password",
    prompt="New password",
    hide_input=True,
    confirmation_prompt=True,
    envvar="CENTRALINO_PASSWORD",
    help="Asked for when missing; scripts give it as CENTRALINO_PASSWORD.",
)
def password(email: str, password: str) -> None:
    """Give a user a new password; their sessions end."""
    with _user(email) as (app, row):
        fault = password_fault(app, password)
        if fault:
            raise click.BadParameter(fault, param_hint="password")
        row.password = hash_password(password)
        app.extensions["users"].set_uniquifier(row)
        row.save()
    click.echo(f"{row.email} signs in with the new password.")


@user.command("factor-off")
@click.argument("email")
def factor_off(email: str) -> None:
    """Turn a user's second factor off: phone and recovery codes are lost."""
    with _user(email) as (app, row):
        had = bool(row.tf_primary_method)
        turn_factor_off(app.extensions["users"], row)
    click.echo(
        f"{row.email} signs in with the password alone." if had else f"{row.email} had none."
    )


@contextmanager
def _user(email: str) -> Iterator[tuple[Flask, UserRow]]:
    with application() as app, force_locale("en"):
        row = UserRow.get_or_none(peewee.fn.LOWER(UserRow.email) == email.strip().lower())
        if row is None:
            raise NotFound(f"Nobody signs in as {email!r}.")
        yield app, row
