"""Into which column of the drawing each box goes, and which arrows would lead back.

The stages stand in the first column, one below the other. What they lead to stands to the right of
them, each box as far right as the longest way to it, so that every arrow leads to the right. An
arrow that closes a circle (a menu that leads back to the one above) is not drawn as a line but
named in its box, because a line against the direction of reading crosses everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

Arrow = tuple[str, str]
"""From the key of a box to the key of a box."""


def columns(spine: Sequence[str], arrows: Iterable[Arrow]) -> tuple[dict[str, int], set[Arrow]]:
    """The column of every box, from 0, and the arrows that lead back.

    Args:
        spine: the boxes of the first column.
        arrows: in reading order; those that lead into the first column lead back.
    """
    after: dict[str, list[str]] = {key: [] for key in spine}
    for tail, head in arrows:
        after.setdefault(tail, []).append(head)
        after.setdefault(head, [])
    order, back = _order(spine, after)
    first = set(spine)
    column = {key: 0 if key in first else 1 for key in after}
    for tail in order:
        for head in after[tail]:
            if (tail, head) not in back:
                column[head] = max(column[head], column[tail] + 1)
    return column, back


def _order(spine: Sequence[str], after: Mapping[str, list[str]]) -> tuple[list[str], set[Arrow]]:
    """All boxes, each before those it leads to, and the arrows that forbid it: without recursion,
    because a chain may be longer than Python's stack."""
    back = {(tail, head) for tail in after for head in after[tail] if head in set(spine)}
    open_, done, finished = set(), set(), []
    for root in (*spine, *after):
        stack = [(root, iter(after[root]))] if root not in done else []
        open_.update(key for key, _ in stack)
        while stack:
            key, heads = stack[-1]
            head = next(heads, None)
            if head is None:
                stack.pop()
                open_.discard(key)
                done.add(key)
                finished.append(key)
            elif head in open_:
                back.add((key, head))
            elif head not in done and (key, head) not in back:
                open_.add(head)
                stack.append((head, iter(after[head])))
    return finished[::-1], back
