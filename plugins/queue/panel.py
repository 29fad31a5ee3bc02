"""What groups did with a call, as a box on its page (S2)."""

from __future__ import annotations

from collections.abc import Iterable

from core import api
from core.api import N_, gettext, ngettext
from plugins.queue.groups import groups
from plugins.queue.visit import History


def panels(call: api.Call) -> Iterable[api.Panel]:
    """The box; none when no group rang for the call or held it."""
    history = History.of(call)
    if not history.groups:
        return
    known = groups(call.account)
    names = [known[one].name if one in known else gettext("a deleted group")
             for one in history.groups]  # fmt: skip
    rows = [(gettext("Groups"), ", ".join(names)), (gettext("Rang"), _times(history.rings))]
    if history.waited:
        rows.append((gettext("Waited"), _clock(history.waited)))
    yield api.Panel(N_("Queue groups"), tuple(rows))


def _times(rings: int) -> str:
    return ngettext("one time", "%(num)s times", rings) if rings else gettext("never")


def _clock(seconds: int) -> str:
    return gettext("%(time)s min", time=f"{seconds // 60}:{seconds % 60:02}")
