"""Reads YAML text into nodes that remember where they stand and what exactly was typed.

The values are not interpreted here: a reader that turns ``no`` into false and ``22:30`` into 1350
before anybody has seen it cannot say what is wrong. Built from ruamel's events and without
recursion, so that duplicate keys, anchors and depth are seen before they do harm.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from core.contract.texts import N_, phrase
from core.plans.file.faults import Fault, PlansFault
from core.plans.file.syntax import NO_YAML, place_and_sentence

MAX_DEPTH = 8
"""A correct file needs five levels."""

MAX_CHARACTERS = 1_000_000
"""Two hundred plans with fifty features each need half of this."""


@dataclass(slots=True)
class Node:
    """A scalar (``text``), a sequence (``items``) or a mapping (``entries``) and its place.

    Of kind ``refused`` where an alias or a tag stood: its fault is already told. It reaches from
    character ``start`` of the file to before ``end``; one in block style ends with its last item.
    ``flow``: in braces or brackets.
    """

    kind: str
    line: int
    column: int
    text: str = ""
    quoted: bool = False
    items: list[Node] = field(default_factory=list)
    start: int = 0
    end: int = 0
    flow: bool = False

    @property
    def entries(self) -> list[tuple[Node, Node]]:
        """Key and value of a mapping, in file order, duplicates included."""
        return list(zip(self.items[::2], self.items[1::2], strict=True))


def decode(content: bytes, name: str) -> str:
    """The text of a file.

    Raises:
        PlansFault: it is not UTF-8; names the line and column of the first wrong byte.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace")
        line, column = _place(before, len(before))
        raise PlansFault(
            [Fault(line, column, "", phrase(N_("this is not UTF-8; save the file as UTF-8")), name)]
        ) from None


def read_nodes(text: str, name: str, faults: list[Fault]) -> Node:
    """The root node of the one YAML document in a text.

    Args:
        text: the file's text.
        name: the file's name, for faults.
        faults: anchors, aliases and tags are added here: with them a cell would not stand where it
            is read, and a line would lie.

    Raises:
        PlansFault: no YAML, no document or several, too large or too deep to go on.
    """
    if len(text) > MAX_CHARACTERS:
        raise _fault(
            name,
            1,
            1,
            phrase(N_("the file is larger than %(most)s characters"), most=MAX_CHARACTERS),
        )
    try:
        return _build(YAML(typ="safe", pure=True).parse(text), name, faults)
    except MarkedYAMLError as error:
        raise _fault(name, *place_and_sentence(error)) from None
    except ReaderError as error:
        line, column = _place(text, error.position)
        raise _fault(
            name, line, column, phrase(N_("a control character cannot stand here"))
        ) from None
    except YAMLError as error:
        raise _fault(name, 1, 1, phrase(NO_YAML, problem=str(error))) from None


def _build(events: Iterator[Event], name: str, faults: list[Fault]) -> Node:
    root = Node("sequence", 1, 1)
    open_nodes = [root]
    for event in events:
        _stop(event, len(open_nodes), len(root.items), name)
        if isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            _close(open_nodes.pop(), event)
        elif isinstance(event, NodeEvent):
            node = _node(event, name, faults)
            if _is_blank(node):  # ruamel places it where the next thing stands, lines below
                before = (open_nodes[-1].items or open_nodes)[-1]
                node.line, node.column = before.line, before.column
            open_nodes[-1].items.append(node)
            if isinstance(event, (MappingStartEvent, SequenceStartEvent)):
                open_nodes.append(node)
    if not root.items or _is_blank(root.items[0]):
        raise _fault(
            name, 1, 1, phrase(N_("the file is empty; it begins with schema: 1 and plans:"))
        )
    return root.items[0]


def _close(node: Node, event: Event) -> None:
    """Tell a mapping or a sequence its end; ruamel ends a block where the next thing stands."""
    if node.flow:
        node.end = event.end_mark.index
    elif node.items:
        node.end = node.items[-1].end


def _node(event: NodeEvent, name: str, faults: list[Fault]) -> Node:
    mark = event.start_mark
    node = Node("refused", mark.line + 1, mark.column + 1, start=mark.index)
    sentence = _refused(event)
    if sentence:
        faults.append(Fault(node.line, node.column, "", sentence, name))
    elif isinstance(event, ScalarEvent):
        node.kind, node.text, node.quoted = "scalar", event.value, event.style is not None
        node.end = event.end_mark.index
    else:
        node.kind = "mapping" if isinstance(event, MappingStartEvent) else "sequence"
        node.flow = event.flow_style
    return node


def _refused(event: NodeEvent) -> str:
    if event.anchor is not None:
        return phrase(N_("anchors and aliases are not taken; write the value out, or use extends"))
    if getattr(event, "tag", None):
        return phrase(N_("the tag %(tag)s is not taken"), tag=event.tag)
    return ""


def _stop(event: Event, depth: int, documents: int, name: str) -> None:
    sentence = ""
    if isinstance(event, DocumentStartEvent) and documents:
        sentence = phrase(N_("a second document begins here; the file holds one"))
    elif depth > MAX_DEPTH:
        sentence = phrase(N_("nested deeper than %(most)s levels"), most=MAX_DEPTH)
    if sentence:
        raise _fault(name, event.start_mark.line + 1, event.start_mark.column + 1, sentence)


def _is_blank(node: Node) -> bool:
    return node.kind == "scalar" and not node.text and not node.quoted


def _fault(name: str, line: int, column: int, sentence: str) -> PlansFault:
    return PlansFault([Fault(line, column, "", sentence, name)])


def _place(text: str, position: int) -> tuple[int, int]:
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1
