"""A password on a form: typed, stored, and never shown again."""

from __future__ import annotations

from typing import Any

from wtforms import PasswordField

from core.api import gettext, lazy_gettext


def secret_field(label: Any) -> PasswordField:
    """The field of a new password.

    Args:
        label: what it is the password of.
    """
    help = lazy_gettext("Never shown again.")
    return PasswordField(label, description=help, render_kw={"autocomplete": "off"})


def may_stay(form: Any) -> Any:
    """The form of a row that has a password: left empty, it keeps it."""
    form.secret.description = gettext(
        "Never shown again. Leave it empty to keep the one that is stored."
    )
    return form


def keep_secret(form: Any, model: Any, stored: str) -> None:
    """What was typed, without spaces around it; nothing typed: what is stored."""
    model.secret = (form.secret.data or "").strip() or stored
