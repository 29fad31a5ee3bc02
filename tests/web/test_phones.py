"""Phone numbers as they are typed."""

from __future__ import annotations

import pytest

from core.contract.errors import BadInput
from core.web.phones import e164


@pytest.mark.parametrize(
    ("typed", "country", "stored"),
    [
        ("", "IT", ""),
        ("  ", "IT", ""),
        ("+39 06 1234 5678", "IT", "+390612345678"),
        ("06 1234-5678", "IT", "+390612345678"),
        ("(212) 555-0123", "US", "+12125550123"),
        ("0049 30 123456", "IT", "+4930123456"),
        ("+393331234567", "", "+393331234567"),
    ],
)
def test_read(site, typed, country, stored):
    with site.app.test_request_context():
        assert e164(typed, country) == stored


@pytest.mark.parametrize(
    "typed", ["12", "abc", "+39", "06 1234 5678 ext. 9", "+999123456789", "'; --"]
)
def test_refused_with_the_word_that_was_typed(site, typed):
    with site.app.test_request_context(), pytest.raises(BadInput) as refused:
        e164(typed, "IT")
    assert f"“{typed}”" in refused.value.message
    assert "+39" in refused.value.message
