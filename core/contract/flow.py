"""How a plugin draws its part of a number's way: boxes, and where each of them leads (R).

A box is a stage of the routing or a destination; the exits of a box name the boxes that follow. The
core joins them into one picture, and greys what the plan, the account or the number leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass

NEXT = "next"
"""An exit that leads to the next stage."""

END = "end"
"""An exit that ends the call."""


@dataclass(frozen=True, slots=True)
class Exit:
    """A way out of a box.

    Args:
        label: when it is taken, in the reader's language: "key 2", "nobody answered".
        to: a Destination as text (``queue:3``), ``NEXT`` or ``END``.
        off: why it is closed now, one sentence of the gate; "" when it is open.
    """

    label: str
    to: str
    off: str = ""


@dataclass(frozen=True, slots=True)
class FlowNode:
    """A box.

    Args:
        title: what it is: "Office hours", "Group Sales".
        lines: a few short lines of what it does.
        exits: where it leads, in the order in which they should be read.
        link: address of the admin page on which it is set, "" for none.
        off: why it does nothing now, where the plugin itself knows; "" when it works.
    """

    title: str
    lines: tuple[str, ...] = ()
    exits: tuple[Exit, ...] = ()
    link: str = ""
    off: str = ""
