"""A number's profile as text: YAML out, YAML or JSON in, each thing with its place (N4).

    schema: 1
    number: '+390612345678'
    plugins:
      queue:
        on: true
        settings:
          group:
            queue: Sales

What a profile does not name stays as it is. It holds settings only: no number, gateway or secret is
ever read from it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from io import StringIO
from typing import TYPE_CHECKING, Any

from marshmallow import fields
from marshmallow.fields import Field
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from core.contract.texts import N_, phrase
from core.plans.catalogue import did_you_mean
from core.plans.file.faults import Fault, PlansFault
from core.plans.file.nodes import Node, read_nodes
from core.web.card.names import KNOWN, Names
from core.web.card.sheet import short

if TYPE_CHECKING:
    from core.web.card.card import Card

SCHEMA = 1
"""Of this form; another one is refused and not guessed at."""

FILE = "profile"
"""What a profile without a file is called in its faults."""

TOP = ("schema", "number", "plugins")
OF_A_PLUGIN = ("on", "settings")


class ProfileFault(PlansFault):
    """A profile cannot be taken; ``faults`` holds all that is wrong with it, in its order."""


@dataclass(slots=True)
class Part:
    """What a profile says of one plugin: ``settings`` are nodes by field."""

    name: str
    node: Node
    on: bool | None = None
    settings: dict[str, Node] = field(default_factory=dict)


@dataclass(slots=True)
class Document:
    """A profile that was read, and what is wrong with it so far."""

    file: str
    parts: list[Part] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, node: Node, path: str, sentence: str) -> None:
        """Note what is wrong with a thing, at its place."""
        self.faults.append(Fault(node.line, node.column, path, sentence, self.file))


def exported(card: Card, plugins: Collection[str] | None = None) -> dict[str, Any]:
    """The profile of a number as plain data, complete: also what stands at its default.

    Args:
        card: of the number.
        plugins: only these; None: all of its card.
    """
    names = Names()
    parts = {}
    for sheet in card.sheets:
        plugin = sheet.plugin
        if plugins is not None and plugin.name not in plugins:
            continue
        part: dict[str, Any] = {"on": sheet.on} if plugin.optional else {}
        if plugin.settings is not None:
            declared, values = plugin.settings().fields, card.values(plugin)
            part["settings"] = {
                name: names.named(declared[name], values[name]) for name in map(short, sheet.fields)
            }
        parts[plugin.name] = part
    return {"schema": SCHEMA, "number": card.line.number, "plugins": parts}


def as_yaml(data: dict[str, Any]) -> str:
    """A profile as YAML; a text of several lines is written as such."""
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 100
    text = StringIO()
    yaml.dump(_readable(data), text)
    return text.getvalue()


def read(text: str, file: str = FILE) -> Document:
    """Read a profile; JSON is YAML, too. Names and values are not looked at yet.

    Args:
        text: what was typed or sent.
        file: its name, for faults.

    Raises:
        ProfileFault: it is no YAML at all, or no profile.
    """
    found = Document(file)
    if not text.strip():
        raise ProfileFault([Fault(1, 1, "", phrase(N_("There is nothing here.")), file)])
    try:
        root = read_nodes(text, file, found.faults)
    except PlansFault as error:
        raise ProfileFault(error.faults) from None
    top = dict(_known(found, root, "", TOP))
    _check_schema(found, root, top.get("schema"))
    if "plugins" in top:
        for key, node in _entries(found, top["plugins"], "plugins"):
            found.parts.append(_part(found, key.text, node))
    return found


def value(node: Node, declared: Field | None = None) -> Any:
    """What a node says, as plain data.

    Args:
        node: where it stands.
        declared: the setting it is for; a text is taken as it was typed.
    """
    if node.kind == "mapping":
        return {key.text: value(one) for key, one in node.entries}
    if node.kind == "sequence":
        inner = declared.inner if isinstance(declared, fields.List) else None
        return [value(one, inner) for one in node.items]
    if node.quoted or (isinstance(declared, fields.String) and node.text not in NOTHING):
        return node.text
    return _plain(node.text)


NOTHING = ("", "~", "null")
WORDS = {"true": True, "false": False, **dict.fromkeys(NOTHING)}


def _plain(text: str) -> Any:
    """A word without quotes, as YAML 1.2 reads it: ``no`` and ``22:30`` stay words."""
    if text in WORDS:
        return WORDS[text]
    if re.fullmatch(r"[-+]?[0-9]{1,18}", text):
        return int(text)
    if re.fullmatch(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}", text):
        return float(text)
    return text


def _readable(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _readable(one) for key, one in data.items()}
    if isinstance(data, list):
        return [_readable(one) for one in data]
    lines = isinstance(data, str) and "\n" in data and not re.search(r"[ \t]\n|[^\S\n]\Z|\r", data)
    return LiteralScalarString(data) if lines else data


def _check_schema(found: Document, root: Node, node: Node | None) -> None:
    if node is None:
        words = N_("Write schema: %(schema)s at the top, so that the form is known.")
        found.fault(root, "schema", phrase(words, schema=SCHEMA))
    elif value(node) != SCHEMA:
        words = N_("“%(typed)s” is no form that is read here: this is schema %(schema)s.")
        found.fault(node, "schema", phrase(words, typed=node.text, schema=SCHEMA))


def _part(found: Document, name: str, node: Node) -> Part:
    part, path = Part(name, node), f"plugins.{name}"
    for key, one in _known(found, node, path, OF_A_PLUGIN):
        if key == "settings":
            part.settings = {
                entry.text: inner for entry, inner in _entries(found, one, f"{path}.settings")
            }
        elif isinstance(value(one), bool):
            part.on = value(one)
        else:
            words = N_("Write true or false, not “%(typed)s”.")
            found.fault(one, f"{path}.on", phrase(words, typed=one.text))
    return part


def _known(
    found: Document, node: Node, path: str, names: Collection[str]
) -> Iterator[tuple[str, Node]]:
    """The entries of a mapping whose keys may be no others."""
    for key, one in _entries(found, node, path):
        if key.text in names:
            yield key.text, one
        else:
            words = N_("“%(typed)s” is unknown%(hint)s")
            hint = did_you_mean(key.text, names) or phrase(KNOWN, names=", ".join(names))
            found.fault(key, f"{path}.{key.text}".strip("."),
                        phrase(words, typed=key.text, hint=hint))  # fmt: skip


def _entries(found: Document, node: Node, path: str) -> Iterator[tuple[Node, Node]]:
    """The entries of a mapping; a key that stands there twice is told once."""
    if node.kind != "mapping":
        if node.kind != "refused" and not (node.kind == "scalar" and node.text in NOTHING):
            words = N_("Keys with values belong here, such as key: value.")
            found.fault(node, path, phrase(words))
        return
    seen: set[str] = set()
    for key, one in node.entries:
        if key.text in seen:
            words = N_("“%(typed)s” stands here twice.")
            found.fault(key, f"{path}.{key.text}".strip("."), phrase(words, typed=key.text))
        else:
            seen.add(key.text)
            yield key, one
