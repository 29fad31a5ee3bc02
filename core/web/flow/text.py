"""A flow in words: the same boxes and ways as a nested list, for whoever does not see the drawing,
and for the command."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext
from markupsafe import Markup

from core.contract.flow import END, NEXT
from core.web.flow.graph import Box, Flow, Way
from core.web.flow.sizes import short_title


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the list.

    Args:
        depth: from 0.
        label: when this is reached, "" for the stages themselves.
        box: what is reached; None where a way leads to no box of its own.
        words: what to write: the box's title, or where the way leads.
        again: whether the box was told before, with all behind it.
        off: why this way, or this box, is closed.
    """

    depth: int
    label: str
    box: Box | None
    words: str
    again: bool = False
    off: str = ""


def tell(flow: Flow) -> Iterator[Told]:
    """The flow line by line: each box once, with what it leads to below it."""
    told: set[str] = set()
    waiting = [Told(0, "", flow.boxes[key], flow.boxes[key].title) for key in reversed(flow.spine)]
    told |= set(flow.spine)
    while waiting:
        line = waiting.pop()
        box = line.box
        if box is None or (line.depth and box.key in told):
            yield (
                line
                if box is None
                else Told(line.depth, line.label, box, line.words, True, line.off)
            )
            continue
        told.add(box.key)
        yield line
        ways = [one for one in box.ways if one.label or one.to != NEXT]
        waiting += [_way(flow, box, one, line.depth + 1) for one in reversed(ways)]


def _way(flow: Flow, box: Box, way: Way, depth: int) -> Told:
    off = "" if way.off == box.off else way.off
    if way.to == END:
        return Told(depth, way.label, None, gettext("the call ends"), off=off)
    if way.to == NEXT:
        following = dict(zip(flow.spine, flow.spine[1:], strict=False))
        known = flow.boxes.get(following.get(box.key, box.next))
        title = short_title(known) if known else gettext("the next stage")
        return Told(depth, way.label, None, f"↓ {title}", off=off)
    if way.to not in flow.boxes:
        title, _ = flow.hidden.get(way.to, (way.to, 1))
        return Told(depth, way.label, None, title, off=off)
    target = flow.boxes[way.to]
    return Told(depth, way.label, target, target.title, off=off or target.off)


def as_list(flow: Flow) -> Markup:
    """The list as HTML, each box with an anchor of its own."""
    parts, depth = [], -1
    for one in tell(flow):
        if one.depth > depth:
            parts.append(Markup("<ul>"))
        else:
            parts.append(Markup("</li>") + Markup("</ul></li>") * (depth - one.depth))
        depth = one.depth
        parts.append(Markup("<li>") + _line(one))
    parts.append((Markup("</li></ul>")) * (depth + 1))
    return Markup("").join(parts)


def _line(one: Told) -> Markup:
    label = Markup('<span class="flow-label">{}:</span> ').format(one.label) if one.label else ""
    box = one.box
    if box is None:
        text = Markup("{}{}").format(label, one.words)
    elif one.again:
        see = Markup('{}<a href="#text-{}">{}</a> <span class="muted">{}</span>')
        return see.format(label, box.key, one.words, gettext("(see there)"))
    else:
        text = label + _named(box)
    why = one.off or (box.off if box else "")
    if why:
        text += Markup(' <span class="flow-why">⊘ {}</span>').format(why)
    if box and box.compare:
        text += Markup(' <a href="{}">{}</a>').format(box.compare, gettext("Compare plans"))
    return text


def _named(box: Box) -> Markup:
    title = Markup('<a href="{}">{}</a>').format(box.link, box.title) if box.link else box.title
    text = Markup('<strong id="text-{}">{}</strong>').format(box.key, title)
    if box.caption:
        text += Markup(' <span class="muted">{}</span>').format(box.caption)
    told = _told(box)
    return text + Markup(' <span class="flow-told">– {}</span>').format(told) if told else text


def _told(box: Box) -> str:
    """What stands in the box, on one line."""
    if box.idle:
        return gettext("Nothing to do for this number")
    return " · ".join(box.lines)


def as_text(flow: Flow) -> str:
    """The list as plain text, two spaces to a level."""
    return "\n".join(_plain(one) for one in tell(flow))


def _plain(one: Told) -> str:
    label = f"{one.label} → " if one.label else "→ " if one.depth else ""
    text = f"{'    ' * one.depth}{label}{one.words}"
    box = one.box
    if box is not None and one.again:
        seen = gettext("(see there)")
        return f"{text} {seen}"
    if box is not None:
        caption = f" [{box.caption}]" if box.caption else ""
        told = _told(box)
        text += caption + (f": {told}" if told else "")
    why = one.off or (box.off if box else "")
    return f"{text}  ⊘ {why}" if why else text
