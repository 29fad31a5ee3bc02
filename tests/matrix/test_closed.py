"""Closed by default: what nobody opened on purpose stays shut, and no garbage breaks a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.routing import IntegerConverter, Rule

from core.store.snapshot import forget_all
from tests.matrix.addresses import METHODS, fill
from tests.matrix.site import Browser
from tests.matrix.two_accounts import TwoAccounts, two_accounts
from tests.matrix.walks import WORDS, rules

# Flask-Security gives its second-factor form choices as tuples; WTForms is held below 3.4.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:Passing SelectField choices:DeprecationWarning"),
]

OPEN = {"security.login", "web.language"}
"""What answers without sign-in, beside static files: the sign-in and its language."""

GARBAGE = ["0", "-1", "3", str(2**63), str(2**70), "abc", "'", "../../etc/passwd", "%00", "\x00"]
GARBAGE += ["١٢", "1.5", "é" * 300]
TAKES_IDS = ("id", "rowid", "call", "line", "employee", "before", "page", "sort")


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoAccounts]:
    """Rows of our own behind every address."""
    with two_accounts(tmp_path_factory.mktemp("closed")) as found:
        yield found


@pytest.fixture(scope="module")
def admin(accounts) -> Browser:
    """An admin with every right."""
    rights = {"may_listen": True, "may_delete_recordings": True}
    return accounts.site.browser(accounts.site.user(accounts.ours, "admin", **rights))


def own(accounts: TwoAccounts, rule: Rule) -> str:
    """The address of a rule, with what is ours where it has converters."""

    def choose(name: str) -> Any:
        if isinstance(rule._converters[name], IntegerConverter):
            return 1
        return WORDS[name](accounts)[0]

    return fill(rule, choose)


def unchanged(accounts: TwoAccounts) -> tuple[str, dict[str, list[tuple]]]:
    """Everything in the database."""
    return accounts.everything_ours(), accounts.everything_else()


def is_static(rule: Rule) -> bool:
    """Whether a rule serves files of the program."""
    return rule.endpoint.endswith(".static")


def test_without_sign_in_nothing_answers(accounts):
    nobody, before = accounts.site.browser(), unchanged(accounts)
    for rule in rules(accounts):
        if is_static(rule) or rule.endpoint in OPEN:
            continue
        for method in sorted(rule.methods & METHODS):
            answer = nobody.write(method, own(accounts, rule))
            told = f"{method} {rule}: {answer.status_code}"
            assert answer.status_code in (302, 400, 401, 403, 404), told
            if answer.status_code == 302:
                assert answer.location.startswith("/login"), f"{told} {answer.location}"
    assert unchanged(accounts) == before


def test_static_files_are_no_way_out_of_their_folder(accounts):
    nobody = accounts.site.browser()
    for rule in rules(accounts):
        if is_static(rule):
            for way in ("../" * 6 + "etc/passwd", "..%2f" * 6 + "etc/passwd", "/etc/passwd"):
                answer = nobody.get(
                    rule.rule.replace("<path:filename>", way), follow_redirects=True
                )
                assert answer.status_code == 404


@pytest.mark.parametrize("token", ["", "wrong"])
def test_without_the_form_token_nothing_is_written(accounts, admin, token):
    before = unchanged(accounts)
    for rule in rules(accounts):
        for method in sorted(rule.methods & (METHODS - {"GET"})):
            data = {"csrf_token": token, "id": "1", "confirmed": "yes"} if token else {"id": "1"}
            answer = admin.open(method, own(accounts, rule), data=data)
            assert answer.status_code in (400, 403), f"{method} {rule}: {answer.status_code}"
    assert unchanged(accounts) == before


def test_a_wrong_method_is_405(accounts, admin):
    allowed: dict[str, set[str]] = defaultdict(set)
    for rule in rules(accounts):
        allowed[own(accounts, rule)] |= rule.methods
    for address, methods in allowed.items():
        for method in sorted(METHODS - methods):
            answer = admin.write(method, address)
            assert answer.status_code == 405, f"{method} {address}: {answer.status_code}"


@pytest.mark.parametrize("garbage", GARBAGE, ids=[ascii(one)[:24] for one in GARBAGE])
def test_garbage_breaks_nothing(accounts, admin, garbage):
    """In every converter, and in every parameter and field that is known to take an id."""
    named = dict.fromkeys(TAKES_IDS, garbage)
    with accounts.site.store.database.atomic() as transaction:
        for rule in rules(accounts):
            for address in {own(accounts, rule), fill(rule, lambda name: garbage)}:
                for method in sorted(rule.methods & METHODS):
                    form = {**named, "csrf_token": admin.token}
                    answer = admin.open(method, address, query_string=named, data=form)
                    assert answer.status_code < 500, f"{method} {address}"
        transaction.rollback()
    forget_all()
