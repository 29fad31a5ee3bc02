"""Rows by their names: what a number's settings lead to, so that they can be read and moved (N4).

A database id means nothing in another account or installation. In a profile a destination is
``queue: Sales``, an employee ``Anna Rossi``; of two with one name the extension tells which, and
where there is none, the id behind a ``#``.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import force_locale
from marshmallow.fields import Field, List

from core.contract.errors import BadInput
from core.contract.plugin import Offer
from core.contract.steps import Destination
from core.contract.texts import N_, phrase
from core.plans.catalogue import did_you_mean
from core.store.people import EmployeeRow
from core.web.host import host
from core.web.member import current_member

log = logging.getLogger(__name__)

KNOWN = N_("; known here: %(names)s.")

EMPLOYEE, SOUND = "employee", "sound"
"""What a setting can be chosen from, beside destinations."""


class Names:
    """The names of all that the account's settings can lead to, whatever its plan says now."""

    def __init__(self) -> None:
        account = current_member().account
        rows = EmployeeRow.of(account).order_by(EmployeeRow.id)
        people = [Offer(str(one.id), one.name, one.extension or "") for one in rows]
        with force_locale("en"):
            places, sounds = _offers("offer_destinations"), _offers("offer_sounds")
        kinds: dict[str, list[Offer]] = {}
        for one in places:
            kinds.setdefault(Destination.parse(one.value).kind, []).append(one)
        self._places = {kind: Shelf(found, _id) for kind, found in kinds.items()}
        self._people, self._sounds = Shelf(people, str), Shelf(sounds, str)

    def named(self, field: Field, value: Any) -> Any:
        """A stored value as a profile has it.

        Args:
            field: of the schema.
            value: plain JSON.
        """
        if isinstance(field, List):
            inner = _choose(field)
            return [self._named(inner, one) for one in value or ()]
        return self._named(_choose(field), value)

    def found(self, field: Field, data: Any) -> Any:
        """What a profile has, as the schema takes it.

        Raises:
            BadInput: nothing has this name here, or several have it.
        """
        if isinstance(field, List) and isinstance(data, list):
            inner = _choose(field)
            return [self._found(inner, one) for one in data]
        return self._found(_choose(field), data)

    def gone(self, destination: str) -> bool:
        """Whether a destination is of a kind that is offered, and is not offered any more."""
        shelf = self._places.get(Destination.parse(destination).kind)
        return shelf is not None and not shelf.has(destination)

    def _named(self, choose: str, value: Any) -> Any:
        if value in (None, ""):
            return value
        if choose == EMPLOYEE:
            return self._people.name(str(value))
        if choose == SOUND:
            return self._sounds.name(value)
        if choose == "destination":
            kind, id = Destination.parse(value).kind, Destination.parse(value).id
            return {kind: self._shelf(kind).name(value)} if id else kind
        return value

    def _found(self, choose: str, data: Any) -> Any:
        if data in (None, ""):
            return data
        if choose == EMPLOYEE:
            return int(self._people.value(data))
        if choose == SOUND:
            return self._sounds.value(data)
        return self._place(data) if choose == "destination" else data

    def _place(self, data: Any) -> str:
        if isinstance(data, str) and data in self._places and ":" not in data:
            return data
        if not isinstance(data, dict) or len(data) != 1:
            raise BadInput(phrase(N_("Write a kind and a name, such as queue: Sales.")))
        kind, name = next(iter(data.items()))
        if kind not in self._places and kind not in host().registry.destinations:
            known = sorted({*self._places, *host().registry.destinations})
            words = N_("There is no kind of destination “%(kind)s”%(hint)s")
            hint = did_you_mean(str(kind), known) or phrase(KNOWN, names=", ".join(known))
            raise BadInput(phrase(words, kind=kind, hint=hint))
        return self._shelf(kind).value(name)

    def _shelf(self, kind: str) -> Shelf:
        return self._places.get(kind) or Shelf([], _id)


class Shelf:
    """Things of one kind, by value and by name.

    Args:
        offers: the things.
        id_of: the part of a value that tells it from others of its kind.
    """

    def __init__(self, offers: Iterable[Offer], id_of: Callable[[str], str]) -> None:
        self._id_of = id_of
        self._by_value = {one.value: one for one in offers}
        offered = self._by_value.values()
        titles = Counter(one.title for one in offered)
        longer = Counter(_longer(one) for one in offered)
        self._names: dict[str, str] = {}
        for one in offered:
            if titles[one.title] == 1:
                name = one.title
            elif one.extension and longer[_longer(one)] == 1:
                name = _longer(one)
            else:
                name = f"{one.title} #{id_of(one.value)}"
            self._names[name] = one.value
        self._titles = titles
        self._of_value = {value: name for name, value in self._names.items()}

    def has(self, value: str) -> bool:
        """Whether there is such a thing."""
        return value in self._by_value

    def name(self, value: str) -> str:
        """The one name of a thing; of one that is gone, its id behind a ``#``."""
        return self._of_value.get(value) or f"#{self._id_of(value)}"

    def value(self, name: Any) -> str:
        """The thing with a name.

        Raises:
            BadInput: none or several have it.
        """
        text = str(name)
        if text in self._names:
            return self._names[text]
        with_id = [one for one in self._by_value.values() if self._with_id(one) == text]
        if with_id:
            return with_id[0].value
        if self._titles[text] > 1:
            several = [one for one, value in self._names.items() if self._title(value) == text]
            words = N_("Several are called “%(name)s”: write one of %(names)s.")
            raise BadInput(phrase(words, name=text, names=", ".join(several)))
        words = N_("There is no “%(name)s” here%(hint)s")
        hint = did_you_mean(text, self._names) or "."
        raise BadInput(phrase(words, name=text, hint=hint))

    def _title(self, value: str) -> str:
        return self._by_value[value].title

    def _with_id(self, one: Offer) -> str:
        return f"{one.title} #{self._id_of(one.value)}"


def _longer(one: Offer) -> str:
    return f"{one.title} ({one.extension})"


def _id(value: str) -> str:
    return Destination.parse(value).id


def _choose(field: Field) -> str:
    return field.metadata.get("choose", "").partition(":")[0]


def _offers(hook: str) -> list[Offer]:
    """What all installed plugins offer; one that raises offers nothing, and the rest works."""
    found: list[Offer] = []
    for name, offer in host().registry.every(hook):
        try:
            found += offer(current_member().account) or ()
        except Exception:
            log.exception("%s could not say what it offers", name)
    return found
