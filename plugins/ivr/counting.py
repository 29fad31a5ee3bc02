"""How deep accounts' menus are, counted before a plan's limit is lowered.

The one place that looks beyond an account's wall: the billing team's review asks for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from peewee import CTE, ModelSelect, Select, Value, fn

from plugins.ivr.menus import KIND
from plugins.ivr.models import KeyRow, MenuRow
from plugins.ivr.service import MOST_NODES

LINK = Value(f"{KIND}:")


def count_use(feature: str, more_than: int, account: int | None) -> Mapping[int, int] | None:
    """The level of the deepest menu, by account; the top of a tree is 1 (R4). One statement.

    Args:
        feature: this plugin's number; None is counted of any other.
        more_than: accounts whose menus are no deeper are left out.
        account: only this one; None for all.
    """
    if feature != "ivr.max_depth":
        return None
    links = _links(account)
    below = _below(links)
    levels = Select([below], [below.c.account, below.c.level])
    if more_than < 1:
        levels = levels.union_all(
            _only(MenuRow.select(MenuRow.account_id, Value(1)), MenuRow, account)
        )
    levels = levels.alias("levels")
    deepest = fn.MAX(levels.c.level)
    query = (
        Select([levels], [levels.c.account, deepest])
        .with_cte(links, below)
        .group_by(levels.c.account)
        .having(deepest > more_than)
    )
    # Straight from the cursor: peewee takes three times as long to hand a row over as to find it.
    return dict(MenuRow._meta.database.execute(query).fetchall())


def _links(account: int | None) -> CTE:
    """Which menu a key leads to, from which."""
    below = MenuRow.alias("below")
    query = KeyRow.select(
        KeyRow.account_id.alias("account"), KeyRow.menu_id.alias("above"), below.id.alias("menu")
    ).join(
        below,
        on=(KeyRow.account == below.account) & (KeyRow.target == LINK.concat(below.id)),
    )
    return _only(query, KeyRow, account).cte("links")


def _below(links: CTE) -> CTE:
    """Every menu below another with its level; what was a circle in spite of all checks is cut."""
    tops = Select([links], [links.c.account, links.c.menu, Value(2)]).where(
        links.c.above.not_in(Select([links], [links.c.menu]))
    )
    tree = tops.cte("tree", recursive=True, columns=("account", "menu", "level"))
    deeper = (
        Select([tree], [tree.c.account, links.c.menu, tree.c.level + 1])
        .join(links, on=links.c.above == tree.c.menu)
        .where(tree.c.level < MOST_NODES)
    )
    return tree.union_all(deeper)


def _only(query: ModelSelect, table: type, account: int | None) -> ModelSelect:
    return query if account is None else query.where(table.account == account)
