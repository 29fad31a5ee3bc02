"""Every error Centralino raises on purpose, in one tree.

    CentralinoError             500  error
    ├── BadInput                422  bad-input            what was typed cannot be taken
    ├── NotFound                404  not-found            no such thing in this account
    ├── NotAllowed              403  not-allowed          this user may not do this
    ├── PlanDenied              403  feature-not-in-plan  the account's plan says no
    ├── WebhookRefused          403  webhook-refused      unsigned, wrongly signed, not ours
    ├── Conflict                409  conflict             somebody else was faster
    ├── OutcomesChanged     409  outcomes-changed     saved scenarios would come out otherwise
    ├── PluginFault             500  plugin-fault         isolated; names the plugin
    └── StoreUnavailable        503  store-unavailable    the database does not answer

The kind decides what the host does; ``error_id``, ``status`` and ``details`` are the same three
fields in the API, the admin and the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.contract.texts import N_, phrase


class CentralinoError(Exception):
    """The root: one clear sentence for the user, a stable id for programs."""

    error_id = "error"
    status = 500

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details

    def __str__(self) -> str:
        return self.message


class BadInput(CentralinoError):
    """What was typed cannot be taken; ``fields`` maps a field's name to its sentence."""

    error_id = "bad-input"
    status = 422

    def __init__(self, message: str, fields: dict[str, str] | None = None, **details: Any) -> None:
        super().__init__(message, **details)
        self.fields = fields or {}


class NotFound(CentralinoError):
    """No such thing in this account; another account's thing is not found either."""

    error_id = "not-found"
    status = 404


class NotAllowed(CentralinoError):
    """This user's role does not include this."""

    error_id = "not-allowed"
    status = 403


class PlanDenied(CentralinoError):
    """The account's plan says no; ``details`` carries the gate's decision."""

    error_id = "feature-not-in-plan"
    status = 403


class WebhookRefused(CentralinoError):
    """A webhook that is not signed, wrongly signed, or not about a number of its gateway."""

    error_id = "webhook-refused"
    status = 403


class Conflict(CentralinoError):
    """The thing changed since it was read; the caller should read it again."""

    error_id = "conflict"
    status = 409


class OutcomesChanged(CentralinoError):
    """Saved scenarios would come out differently, and nobody has agreed to it yet (S3).

    ``differences`` are shown side by side; ``token`` is what agrees to exactly these.
    """

    error_id = "outcomes-changed"
    status = 409

    def __init__(self, differences: Sequence[Any], token: str = "") -> None:
        text = N_("Nothing is saved yet: %(count)s saved scenarios would come out differently.")
        if len(differences) == 1:
            text = N_("Nothing is saved yet: a saved scenario would come out differently.")
        super().__init__(phrase(text, count=len(differences)))
        self.differences = list(differences)
        self.token = token


class PluginFault(CentralinoError):
    """A plugin raised, answered rubbish or was too slow; the call goes on without it."""

    error_id = "plugin-fault"

    def __init__(self, plugin: str, message: str, **details: Any) -> None:
        super().__init__(message, plugin=plugin, **details)
        self.plugin = plugin


class StoreUnavailable(CentralinoError):
    """The database does not answer."""

    error_id = "store-unavailable"
    status = 503
