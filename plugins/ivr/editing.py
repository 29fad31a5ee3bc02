"""Saves edits of menus: whole or not at all, never over what somebody else did, to be undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from core.api import Account, BadInput, Conflict, Destination, gettext, leading_to
from plugins.ivr import plain
from plugins.ivr.checks import Checks, Fault, Weight, fresh
from plugins.ivr.choice import uses
from plugins.ivr.differences import describe
from plugins.ivr.menus import KIND, Menu, Menus, menus, read_menus
from plugins.ivr.models import EditRow, MenuRow
from plugins.ivr.places import Places
from plugins.ivr.storing import hold, store

MOST_EDITS = 50
"""So many edits of an account are remembered."""

Edit = Callable[[Menus], Menus]


class Refused(BadInput):
    """An edit that does not make sense; ``faults`` say where."""

    def __init__(self, faults: list[Fault], after: Menus) -> None:
        named = {f"{after[one.menu].name}: {one.part}": one.sentence for one in faults}
        sentences = list(dict.fromkeys(one.sentence for one in faults))
        super().__init__(" ".join(sentences), named)
        self.faults = faults


class Editing:
    """The menus of an account in the hands of somebody.

    Args:
        account: whose menus they are.
        author: who edits, as the log of edits names them.
        at: the instant.
        around: what menus can lead to.
        decision: the gate's, on ``ivr.max_depth``.
    """

    def __init__(
        self, account: Account, author: str, at: datetime, around: Places, decision: Any
    ) -> None:
        self.account, self.author, self.at = account, author, at
        self.around, self.decision = around, decision

    def save(self, edit: Edit, seen: str = "") -> dict[int, Menu]:
        """Make an edit.

        Args:
            edit: the menus before in, the menus after out.
            seen: the version of the menus concerned, as the author saw them.

        Returns:
            The menus as they are stored now.

        Raises:
            Refused: the result does not make sense.
            Conflict: somebody else was faster, or something in use would go.
        """
        with MenuRow._meta.database.atomic():
            hold(self.account)
            before = read_menus(self.account.id)
            self._refuse_unseen(before, seen)
            after = self._write(before, edit(before))
            self._forget_undone()
            self._remember(before, after)
        return after

    # --- Undo and redo ---

    def last(self) -> EditRow | None:
        """The author's last edit, which can be undone."""
        return self._own(False).order_by(EditRow.id.desc()).first()

    def next(self) -> EditRow | None:
        """The edit that was undone last, which can be done again."""
        return self._own(True).order_by(EditRow.id).first()

    def undo(self) -> list[str]:
        """Take the author's last edit back; says what it was.

        Raises:
            Conflict: somebody has changed the same menus since, or there is nothing to undo.
        """
        return self._turn(self.last(), "after", "before")

    def redo(self) -> list[str]:
        """Make the last undone edit again; says what it is.

        Raises:
            Conflict: somebody has changed the same menus since, or there is nothing to do again.
        """
        return self._turn(self.next(), "before", "after")

    def what(self, row: EditRow) -> list[str]:
        """What an edit did, in sentences."""
        return describe(_menus(row.before), _menus(row.after), self.around)

    def _own(self, undone: bool) -> Any:
        own = (EditRow.author == self.author) & (EditRow.undone == undone)
        return EditRow.of(self.account).where(own)

    def _turn(self, row: EditRow | None, there: str, back: str) -> list[str]:
        """From one side of an edit to the other."""
        if row is None:
            raise Conflict(gettext("There is nothing to undo or to do again."))
        with MenuRow._meta.database.atomic():
            hold(self.account)
            before = read_menus(self.account.id)
            expected, wanted = _menus(getattr(row, there)), _menus(getattr(row, back))
            for id in {**expected, **wanted}:
                if before.get(id) != expected.get(id):
                    raise Conflict(self._changed_since(id, expected, before))
            rest = {id: menu for id, menu in before.items() if id not in expected}
            self._write(before, {**rest, **wanted}, kept=Weight.LOCKED)
            row.undone = back == "before"
            row.save()
        return self.what(row)

    # --- Saving ---

    def _write(self, before: Menus, after: Menus, kept: Weight | None = None) -> dict[int, Menu]:
        """Check and store; faults of the weight ``kept`` come back with what is undone."""
        wrong = fresh(self.faults(before), self.faults(after))
        wrong = [one for one in wrong if one.weight is not kept]
        if wrong:
            raise Refused(wrong, after)
        for id, menu in before.items():
            if id not in after:
                self._refuse_used(menu, after)
        return store(self.account, before, after)

    def faults(self, known: Menus) -> list[Fault]:
        """What is wrong with menus."""
        return Checks(self.account, known, self.around, self.decision).faults()

    def used_by(self, menu: Menu, after: Menus) -> list[str]:
        """What leads to a menu when the menus are those: numbers, other plugins, failures."""
        place = Destination(KIND, str(menu.id))
        own = set(uses(menus(self.account), place))
        others = [one for one in leading_to(place) if one not in own]
        return [*others, *uses(after, place)]

    def _refuse_used(self, menu: Menu, after: Menus) -> None:
        leading = self.used_by(menu, after)
        if leading:
            names = ", ".join(leading)
            sentence = gettext(
                "Menu %(menu)s cannot be deleted: still used by %(names)s. Change these first.",
                menu=menu.name,
                names=names,
            )
            raise Conflict(sentence, used_by=leading)

    # --- Who was faster ---

    def _refuse_unseen(self, before: Menus, seen: str) -> None:
        for id, mark in plain.read_seen(seen).items():
            menu = before.get(id)
            if menu is None:
                raise Conflict(gettext("This menu was deleted in the meantime."))
            if plain.stamp(menu) != mark:
                found = self._as_seen(id, mark)
                raise Conflict(self._changed_since(id, found, before))

    def _as_seen(self, id: int, mark: str) -> dict[int, Menu]:
        """The menu as its version says, if an edit remembers it."""
        for row in EditRow.of(self.account).order_by(EditRow.id.desc()):
            for side in (row.before, row.after):
                data = side.get(str(id))
                if data and plain.stamp(plain.from_plain(data)) == mark:
                    return {id: plain.from_plain(data)}
        return {}

    def _changed_since(self, id: int, old: Menus, now: Menus) -> str:
        """Who changed a menu since, and what."""
        touched = (row for row in EditRow.of(self.account).order_by(EditRow.id.desc())
                   if str(id) in row.before | row.after)  # fmt: skip
        author = next((row.author for row in touched), gettext("Somebody"))
        is_there = {id: now[id]} if id in now else {}
        what = describe(old, is_there, self.around) if old else []
        if not what:
            name = now[id].name if id in now else "?"
            what = [gettext("menu %(menu)s changed", menu=name)]
        return gettext(
            "%(author)s was faster: %(what)s. Nothing of yours is saved yet; look at it as it is"
            " now, and save again if you still want to.", author=author, what="; ".join(what),
        )  # fmt: skip

    # --- The edits ---

    def _remember(self, before: Menus, after: Menus) -> None:
        touched = [id for id in {**before, **after} if before.get(id) != after.get(id)]
        if not touched:
            return
        EditRow.create(
            account=self.account.id,
            author=self.author,
            at=self.at,
            before=_sides(before, touched),
            after=_sides(after, touched),
        )
        old = EditRow.of(self.account).order_by(EditRow.id.desc()).offset(MOST_EDITS).limit(1)
        for row in old:
            EditRow.delete().where(
                EditRow.account == self.account.id, EditRow.id <= row.id
            ).execute()

    def _forget_undone(self) -> None:
        own = (EditRow.account == self.account.id) & (EditRow.author == self.author)
        EditRow.delete().where(own, EditRow.undone).execute()


def _sides(known: Menus, touched: list[int]) -> dict[str, Any]:
    return {str(id): plain.as_plain(known[id]) for id in touched if id in known}


def _menus(side: dict[str, Any]) -> dict[int, Menu]:
    return {int(id): plain.from_plain(data) for id, data in side.items() if data}
