"""Where the other account's ids and texts can be put into what the REST interface is sent.

Nothing here names a route: they are walked by what they say of themselves.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from tests.matrix.addresses import fill
from tests.matrix.two_accounts import TwoAccounts
from tests.matrix.walks import WORDS, is_id, some_ids, texts
from tests.matrix.watch import Body, Watch
from tests.support.bodies import bodies_with, routes


def in_api(accounts: TwoAccounts, watch: Watch) -> None:
    """Every route, at addresses of our own: each word of its query and each number in its body."""
    rules = {one.endpoint: one for one in accounts.site.app.url_map.iter_rules()}
    for route in routes():
        rule = rules[f"api.{route.view.__name__}"]

        def ours(name: str, rule: Any = rule) -> Any:
            return 1 if is_id(rule._converters[name]) else WORDS[name](accounts)[0]

        address = fill(rule, ours)
        for name in route.query().fields if route.query else ():
            for value in (*some_ids(accounts), *texts(accounts)):
                watch.send(route.method, f"{address}?{urlencode({name: value})}")
        for id in some_ids(accounts) if route.body else ():
            for body in bodies_with(route.body(), id):
                watch.send(route.method, address, Body(body))
