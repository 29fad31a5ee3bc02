"""The lookup against a slow reference: every entry is looked at, one after the other."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.api import LineRow
from plugins.blocklist.lookup import find_entry
from plugins.blocklist.models import EntryRow, Gets
from plugins.blocklist.patterns import WITHHELD
from tests.plugins.blocklist.test_patterns import NUMBERS, PATTERNS, slowly

ENTRIES = st.lists(
    st.tuples(
        st.one_of(PATTERNS, NUMBERS, st.just(WITHHELD)),
        st.booleans(),  # of another number
        st.sampled_from([-1, 0, 1, None]),  # hours until it ends
        st.booleans(),  # automatic
        st.sampled_from(list(Gets)),
    ),
    max_size=8,
    unique_by=lambda one: one[:2],
)


def reference(entries, caller, line, at, known):
    """The most exact of all that stand for the caller, by the words of the README."""
    found = [
        one
        for one in entries
        if one.line_id in (None, line)
        and (one.until is None or one.until > at)
        and not (one.automatic and known)
        and (slowly(one.pattern, caller) if caller else one.pattern == WITHHELD)
    ]

    def order(one):
        wild = sum(one.pattern.count(sign) for sign in "*?")
        return (wild > 0, wild - len(one.pattern), one.line_id is None, one.id)

    return min(found, key=order, default=None)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(ENTRIES, st.one_of(NUMBERS, st.just("")), st.booleans())
def test_the_entry_for_a_caller_is_the_one_a_slow_reading_finds(company, entries, caller, known):
    at = company.kit.clock()
    EntryRow.delete().execute()
    other, _ = LineRow.get_or_create(
        account=company.account, gateway=company.gateway, number="+390699999999"
    )
    for pattern, elsewhere, hours, automatic, gets in entries:
        EntryRow.create(
            account=company.account, pattern=pattern, gets=gets, automatic=automatic,
            line=other if elsewhere else None, created_at=at,
            until=None if hours is None else at + timedelta(hours=hours),
        )  # fmt: skip
    for line in (company.line, other):
        found = find_entry(company.account.id, line.id, caller, at, known_client=known)
        slow = reference(list(EntryRow.select()), caller, line.id, at, known)
        assert (found and found.id) == (slow and slow.id)
