"""What depends on a number: told before somebody deletes it (D1)."""

from __future__ import annotations

import json
from collections.abc import Iterator

from flask_babel import gettext, ngettext

from core.contract.call import Account
from core.contract.steps import Destination
from core.store.accounts import AccountRow
from core.store.lines import LineProfile, LineRow
from core.store.scenarios import ScenarioRow
from core.web.format import phone
from core.web.host import host


def depending(account: Account, line: LineRow) -> list[str]:
    """Short names of all that uses a number: other numbers, the account, plugins' tables.

    Args:
        account: the number's.
        line: the number.
    """
    found = [*_backups(account, line), *_in_settings(account, line), *_scenarios(line)]
    for _, find in host().registry.every("find_uses"):
        for destination in (Destination("number", line.number), Destination("line", str(line.id))):
            found += find(account, destination) or ()
    return list(dict.fromkeys(found))


def _backups(account: Account, line: LineRow) -> Iterator[str]:
    others = LineRow.of(account).where(LineRow.id != line.id).order_by(LineRow.number)
    for one in others.where(LineRow.backup_line == line.id):
        yield gettext(
            "%(number)s: backup calls go out through this number", number=phone(one.number)
        )
    for one in others.where(LineRow.backup_number == line.number):
        yield gettext("%(number)s: this is its backup number", number=phone(one.number))
    if AccountRow.get_by_id(account.id).backup_number == line.number:
        yield gettext("The account: this is its backup number")


def _in_settings(account: Account, line: LineRow) -> Iterator[str]:
    """Other numbers whose settings name this one, such as a number to forward to."""
    rows = LineProfile.select(LineProfile, LineRow).join(LineRow).order_by(LineRow.number)
    for row in rows.where(LineProfile.account == account.id, LineProfile.line != line.id):
        if line.number in json.dumps(row.stored):
            installed = host().registry.plugins.get(row.plugin)
            title = gettext(installed.plugin.title) if installed else row.plugin
            yield f"{phone(row.line.number)}: {title}"


def _scenarios(line: LineRow) -> Iterator[str]:
    count = ScenarioRow.of(line.account_id).where(ScenarioRow.line == line.id).count()
    if count:
        yield ngettext("one saved scenario", "%(num)s saved scenarios", count)
