"""What a plugin says of itself, once, at start: the answers to the ``register_*`` hooks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from marshmallow import Schema

from core.contract.features import Feature


class Section(StrEnum):
    """The sections of a number's card, in their order (N1)."""

    ROUTING = "incoming routing"
    CRM = "CRM"
    RECORDING = "recording and rating"
    HOURS = "working hours"
    OTHER = "other"
    MELODIES = "melodies"


@dataclass(frozen=True, slots=True)
class Stage:
    """A place in the order of routing (spec R): ``position`` sorts it, ``title`` is shown."""

    name: str
    title: str
    position: int


@dataclass(frozen=True, slots=True)
class DestinationKind:
    """A kind of destination a plugin offers to all others, such as ``queue``."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin's own description.

    Args:
        name: lower-case word; tables, API paths and feature keys of the plugin begin with it.
        title, summary: what an admin reads.
        section: where its settings stand on a number's card.
        features: the rows of the plan matrix it declares. A feature with the plugin's own name
            gates the plugin itself; without one the plugin is in every plan.
        settings: one marshmallow schema: form, validation, API, export and docs come from it.
        stages: the routing stages at which it is asked.
        destinations: the kinds of destination it offers.
        optional: whether an admin can switch it off, per account and per number.
        on_by_default: whether it is on for a number that says nothing of it.
        hook_api: the version of the hook specifications it was written for.
    """

    name: str
    title: str
    summary: str = ""
    section: Section = Section.OTHER
    features: tuple[Feature, ...] = ()
    settings: type[Schema] | None = None
    stages: tuple[Stage, ...] = ()
    destinations: tuple[DestinationKind, ...] = ()
    optional: bool = True
    on_by_default: bool = False
    hook_api: int = 1


@dataclass(frozen=True, slots=True)
class Job:
    """Slow or repeated work, run by the jobs process: ``run(now)`` every ``seconds``."""

    name: str
    seconds: int
    run: Callable[[datetime], Any]


@dataclass(frozen=True, slots=True)
class GatewayKind:
    """A protocol that a gateway plugin speaks.

    Args:
        name: stored in the gateway's row.
        providers: (key, title) pairs to choose from; none: its gateways are made on ``page``.
        urls: of a gateway's row, the (label, address) pairs an admin pastes at the provider.
        fetch: of a gateway's row and a recording's address, the file's bytes; raises
            ``CentralinoError`` when the provider refuses or the address is not the provider's,
            ``NotFound`` when there is no such recording.
        discard: of a gateway's row and a recording's address, removes the gateway's own copy;
            called once ours is stored, or there was no sound in it; again after a while if it
            raises, unless it is ``NotFound``. A copy that could not be fetched is kept.
        page: endpoint of the page where such gateways are made and changed, such as
            ``trunks.index_view``; "" for the core's own form.
    """

    name: str
    title: str
    providers: tuple[tuple[str, str], ...]
    urls: Callable[[Any], list[tuple[str, str]]]
    fetch: Callable[[Any, str], bytes]
    discard: Callable[[Any, str], None] | None = None
    page: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """One destination an admin can choose: ``value`` is a Destination as text; ``extension`` is
    the short number that leads there, if any."""

    value: str
    title: str
    extension: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a setting: the field, one sentence, and whether it only warns (N5)."""

    field: str
    sentence: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Badge:
    """A few words about a number in the list of numbers.

    Args:
        text: what it says, in the reader's language.
        kind: ``good``, ``bad``, ``warning`` or "" for a plain one.
        hint: more of it: who and why; shown beside or below it.
    """

    text: str
    kind: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """What an admin should look at, in one sentence, and the address of the page where: a path
    within the site."""

    sentence: str
    address: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A box on the page of a call: title, rows of (label, text), an optional template and its
    values for what rows cannot show."""

    title: str
    rows: tuple[tuple[str, str], ...] = ()
    template: str = ""
    values: Any = None
