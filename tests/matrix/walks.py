"""Where the other account's ids can be put: into addresses, into queries, into forms, into JSON.

Nothing here names a page. Addresses come from the URL map; queries and forms from what our own
pages show, links and controls; JSON from the plugins' settings schemas.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import peewee
from bs4 import BeautifulSoup
from werkzeug.routing import IntegerConverter, Rule

from tests.matrix.addresses import METHODS, fill
from tests.matrix.two_accounts import TwoAccounts
from tests.matrix.watch import Body, Watch
from tests.support.bodies import body_at

PER_TABLE = 1
"""So many ids of each table are tried at each place."""

UNKNOWN = (
    "{rule} has a converter “{name}” that this walk does not know: add to WORDS in"
    " tests/matrix/walks.py what of another account somebody could write there."
)

WORDS: dict[str, Callable[[TwoAccounts], list[Any]]] = {
    "plugin": lambda accounts: list(accounts.site.registry.plugins),
    "export_type": lambda accounts: ["csv"],
    "tone": lambda accounts: ["greeting"],
    "filename": lambda accounts: ["../" * 8 + "etc/passwd"],
    "token": lambda accounts: [row.token for row in accounts.calls()],
}
"""Converters that take no number, by name."""


def rules(accounts: TwoAccounts) -> list[Rule]:
    """All rules of the admin's URL map."""
    return list(accounts.site.app.url_map.iter_rules())


def values(accounts: TwoAccounts, rule: Rule, name: str) -> list[Any]:
    """What of the other account can stand at a converter."""
    if isinstance(rule._converters[name], IntegerConverter):
        return some_ids(accounts)
    assert name in WORDS, UNKNOWN.format(rule=rule, name=name)
    return WORDS[name](accounts)


def some_ids(accounts: TwoAccounts) -> list[int]:
    """Ids of the other account, of every table."""
    return [id for ids in accounts.ids.values() for id in ids[:PER_TABLE]]


def in_addresses(accounts: TwoAccounts, watch: Watch) -> None:
    """Every rule with converters, with every id of the other account, by every method."""
    for rule in rules(accounts):
        numbers = [name for name, one in rule._converters.items() if is_id(one)]
        longest = max((len(values(accounts, rule, name)) for name in rule.arguments), default=0)
        for place in range(longest):
            chosen = {name: values(accounts, rule, name) for name in rule.arguments}
            address = fill(rule, lambda name, c=chosen, n=place: c[name][n % len(c[name])])
            for method in sorted(rule.methods & METHODS):
                body = body_at(rule, method)
                data = None if body is None else Body(body)
                watch.send(method, address, data, behind=bool(numbers))


def is_id(converter: Any) -> bool:
    """Whether a converter takes ids."""
    return isinstance(converter, IntegerConverter)


def in_queries(accounts: TwoAccounts, watch: Watch) -> None:
    """Every address without converters, with ids and texts in each parameter that it knows."""
    known: dict[str, dict[str, list[Any]]] = defaultdict(dict)
    rows = {one.endpoint for one in accounts.site.views() if hasattr(one, "model")}
    for rule in rules(accounts):
        view = rule.endpoint.partition(".")[0]
        page = "GET" in rule.methods and not rule.arguments and view not in rows
        if page and watch.send("GET", rule.rule).status_code == 200:
            for id in some_ids(accounts):
                watch.send("GET", f"{rule.rule}?id={id}&before={id}&call={id}")
    for path, page in own_pages(accounts, watch):
        for form in page.find_all("form"):
            if form.get("method", "get").lower() == "get":
                target = urlsplit(form.get("action") or path).path
                for control in controls(form):
                    ids = outside(accounts, target, control)
                    known[target][control["name"]] = ids or texts(accounts)
    for path, parameters in known.items():
        for name, tried in parameters.items():
            for value in tried:
                watch.send("GET", f"{path}?{urlencode({name: value})}")


def texts(accounts: TwoAccounts) -> list[str]:
    """What somebody could look for to find the other account's rows."""
    numbers = [one for one in accounts.markers if one.startswith("+")]
    return [accounts.theirs.name, *numbers[:2]]


def own_pages(accounts: TwoAccounts, watch: Watch) -> Iterator[tuple[str, BeautifulSoup]]:
    """Our own pages, by address: all rules without converters, and one row of each list."""
    seen: set[str] = set()
    waiting = [rule.rule for rule in rules(accounts) if not rule.arguments]
    while waiting:
        address = waiting.pop(0)
        shape = re.sub(r"\d+", "1", urlsplit(address).path)
        shape += "?id" if "id=" in address else ""
        if shape in seen:
            continue
        seen.add(shape)
        answer = watch.send("GET", address)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        page = BeautifulSoup(answer.text, "html.parser")
        yield address, page
        links = [one["href"] for one in page.find_all("a", href=True)]
        waiting += [one for one in links if one.startswith("/") and "logout" not in one]


def in_forms(accounts: TwoAccounts, watch: Watch) -> None:
    """Every form of our own pages, sent as it is but for one control, which leads out. Of controls
    that are there once for each row, one is enough."""
    done: set[tuple[str, str]] = set()
    for path, page in list(own_pages(accounts, watch)):
        for form in page.find_all("form"):
            if form.get("method", "get").lower() != "post":
                continue
            action = form.get("action") or path
            filled = {one["name"]: value_of(one) for one in controls(form)}
            for control in controls(form):
                place = re.sub(r"\d+", "1", action), re.sub(r"\d+", "1", control["name"])
                if place in done:
                    continue
                done.add(place)
                for value in outside(accounts, action, control):
                    watch.send("POST", action, {**filled, control["name"]: value})


def controls(form: Any) -> list[Any]:
    """The named controls of a form."""
    found = form.find_all(["input", "select", "textarea", "button"])
    return [one for one in found if one.get("name") and one["name"] != "csrf_token"]


def value_of(control: Any) -> str:
    """What a browser would send."""
    if control.name == "select":
        chosen = control.find("option", selected=True) or control.find("option")
        return chosen.get("value", "") if chosen else ""
    if control.name == "textarea":
        return control.text
    return control.get("value", "")


def outside(accounts: TwoAccounts, action: str, control: Any) -> list[Any]:
    """What of the other account a control could be made to say: ids where it has numbers or may
    have, destinations where it has destinations."""
    options = [one.get("value", "") for one in control.find_all("option")]
    sample = [value_of(control), *options]
    kinds = {one.name for one, _ in accounts.site.registry.destinations.values()}
    if any(one.partition(":")[0] in kinds for one in sample):
        return accounts.destinations
    table = foreign(accounts, action, control["name"])
    if table in accounts.ids:
        return accounts.ids[table][:2]
    numbers = any(one.isdecimal() for one in sample)
    identifies = control.name == "select" or control.get("type") == "checkbox"
    named = re.search(r"(^|[-_.])(id|rowid|pk|account|line|call)$", control["name"])
    return some_ids(accounts) if named or (numbers and identifies) else []


def foreign(accounts: TwoAccounts, action: str, name: str) -> Any:
    """The table that a model view's control leads to, if it is a foreign key."""
    endpoint = urlsplit(action).path.strip("/").partition("/")[0]
    view = next((one for one in accounts.site.views() if one.endpoint == endpoint), None)
    model = getattr(view, "model", None)
    parts = name.split("-")
    if name in ("id", "rowid", "list_form_pk"):
        return model
    if model is not None and len(parts) == 3:
        related = [
            one.model
            for one in model._meta.backrefs
            if parts[0] in (one.backref, one.model.__name__.lower() + "_set")
        ]
        model = related[0] if related else None
        if model is not None and parts[2] == "id":
            return model
    field = model and model._meta.fields.get(parts[-1])
    return field.rel_model if isinstance(field, peewee.ForeignKeyField) else None


def in_rows(accounts: TwoAccounts, watch: Watch) -> None:
    """Every model view: its rows' addresses, actions and look-ups, with the other account's rows;
    and a new row, and a row of ours, with foreign keys that lead out."""
    for view in accounts.site.views():
        model = getattr(view, "model", None)
        if model not in accounts.ids:
            continue
        base, ids = f"/{view.endpoint}", accounts.ids[model][:2]
        for id in ids:
            for word in ("details", "edit", "delete"):
                watch.send("GET", f"{base}/{word}/?id={id}", behind=True)
                watch.send("POST", f"{base}/{word}/?id={id}", {"id": id})
            watch.send("POST", f"{base}/ajax/update/", {"list_form_pk": id}, behind=True)
        for name in view._actions_data or ("delete",):
            for confirmed in ("", "yes"):
                form = {"action": name, "rowid": ids, "confirmed": confirmed}
                watch.send("POST", f"{base}/action/", form)
        for name in view._form_ajax_refs or {}:
            for text in ("", accounts.theirs.name, "a"):
                query = urlencode({"name": name, "query": text, "limit": 50})
                watch.send("GET", f"{base}/ajax/lookup/?{query}")
        for term in (accounts.theirs.name, "a", "+39"):
            for page in ("", "export/csv/"):
                watch.send("GET", f"{base}/{page}?{urlencode({'search': term})}")


def in_json(accounts: TwoAccounts, watch: Watch) -> None:
    """Settings of our own number by the API: every choice of a destination or an employee."""
    line = accounts.line_of_ours()
    for name, one in accounts.site.registry.plugins.items():
        fields = one.plugin.settings().fields if one.plugin.settings else {}
        for field, declared in fields.items():
            choose = declared.metadata.get("choose", "")
            if choose.startswith("destination"):
                chosen: list[Any] = accounts.destinations
            else:
                chosen = some_ids(accounts) if choose == "employee" else []
            for value in chosen:
                watch.send(
                    "PUT", f"/api/lines/{line}/settings/{name}", Body({"stored": {field: value}})
                )
