"""What may stand in a configuration file: nothing that could be read as more than a value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.api import BadInput
from plugins.asterisk import service
from plugins.asterisk.models import ServerRow
from plugins.asterisk.setup import safe


@given(st.text())
def test_no_value_ends_a_line_begins_a_remark_or_is_evaluated(text):
    try:
        passed = safe.checked(text)
    except BadInput:
        return
    assert not set(passed) & set("\n\r;[]{}$()\"'\\=<>#|& \0")


@given(st.text(max_size=130))
def test_a_password_is_one_word_and_its_semicolons_begin_no_remark(text):
    try:
        passed = safe.secret(text)
    except BadInput:
        assert not text or len(text) > 120 or any(not "!" <= one <= "~" for one in text)
        return
    assert passed.replace("\\;", ";") == text.replace("\\;", ";")
    assert all(passed[place - 1] == "\\" for place, one in enumerate(passed) if one == ";")


@pytest.mark.parametrize("host", ["sip.example.com", "192.0.2.10", "192.0.2.10:5080", "pbx"])
def test_hosts(host):
    assert safe.host(host) == host


@pytest.mark.parametrize(
    "typed", ["", "a b", "host:0", "host:99999", "-x", "a..b", "sip:host", "h\nmatch=0.0.0.0/0"]
)
def test_what_is_no_host_is_named(typed):
    with pytest.raises(BadInput, match="is no host") as refused:
        safe.host(typed)
    assert typed in refused.value.message


def test_addresses_of_a_trunk():
    assert safe.addresses("192.0.2.10, 192.0.2.16/28 sip.example.com") == [
        "192.0.2.10",
        "192.0.2.16/28",
        "sip.example.com",
    ]
    assert safe.addresses("") == []


@pytest.mark.parametrize("typed", ["0.0.0.0/0", "10.0.0.0/8", "192.0.2.0/23"])
def test_a_trunk_is_not_open_to_the_world(typed):
    with pytest.raises(BadInput, match="name the provider's own"):
        safe.addresses(typed)


@pytest.mark.parametrize("typed", ["1.2.3.4/99", "fe80::1", "a/b"])
def test_what_is_no_address_is_named(typed):
    with pytest.raises(BadInput, match="is no address"):
        safe.addresses(typed)


ADDRESSES = ("http://a b:8088", "http://127.0.0.1;x:8088", "http://u:p@h:8088", "http://h:0", "h:1")


@pytest.mark.parametrize("typed", [*ADDRESSES, "http://h:8088\n[x]", "http://h#x", "http://${H}"])
def test_an_address_of_ari_is_only_an_address(typed):
    row = ServerRow(name="pbx", url=typed, user="u", secret="s", sip_host="h", slots=1)
    with pytest.raises(BadInput, match="is no address; write http") as refused:
        service.check_server(row)
    assert typed in refused.value.message
