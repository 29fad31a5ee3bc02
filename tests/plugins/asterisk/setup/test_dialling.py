"""Under which name somebody is dialled, and that nobody dials another account's phones."""

from __future__ import annotations

import pytest

from core.api import Phone, Sip
from plugins.asterisk.dialling import endpoint_of
from tests.plugins.asterisk.setup.conftest import phone, server, trunk


@pytest.fixture
def dial(site):
    phone(site, site.anna)
    phone(site, site.bruno)

    def dial(target, account=None, gateway=None, at=""):
        picture = (account or type(site.rossi).get_by_id(site.rossi.id)).picture()
        return endpoint_of(picture, gateway or site.trunk.gateway_id, target, at)

    return dial


def test_an_employees_phone_is_rung_by_its_name(site, dial):
    assert dial(Sip("anna@elsewhere.example", site.anna.id)) == f"PJSIP/employee-{site.anna.id}"
    assert dial(Sip(f"employee-{site.anna.id}@pbx.example")) == f"PJSIP/employee-{site.anna.id}"


def test_a_number_goes_over_the_trunk(site, dial):
    gateway = site.trunk.gateway_id
    assert dial(Phone("+393331112222")) == f"PJSIP/+393331112222@trunk-{gateway}"
    assert dial(Phone("112")) == f"PJSIP/112@trunk-{gateway}"
    bare = trunk(site, site.rossi, "192.0.2.11", plus=False).gateway_id
    assert dial(Phone("+393331112222"), gateway=bare) == f"PJSIP/393331112222@trunk-{bare}"


@pytest.mark.parametrize("number", ["", "+39;x", "+39333 1", "abc", "+39333@evil", "1" * 30])
def test_what_is_no_number_is_not_dialled(dial, number):
    assert dial(Phone(number)) == ""


def test_an_address_goes_over_the_trunk(site, dial):
    gateway = site.trunk.gateway_id
    assert (
        dial(Sip("carla@pbx.other.example")) == f"PJSIP/trunk-{gateway}/sip:carla@pbx.other.example"
    )


def test_no_address_reaches_another_accounts_phone(site, dial):
    theirs = f"employee-{site.bruno.id}"
    assert dial(Sip(f"{theirs}@pbx.example")) == ""
    assert dial(Sip(f"{theirs}@PBX.example:5060")) == ""
    assert dial(Sip(f"{theirs}@pbx.example.", None)) == ""
    assert "employee" not in dial(Sip("x@elsewhere.example", site.bruno.id))


@pytest.mark.parametrize("address", ["a@b;transport=x", "a b@c", "a@b>c", "a&b@c", "@x", "a@", "a"])
def test_what_is_no_address_is_not_dialled(dial, address):
    assert dial(Sip(address)) == ""


def test_nobody_dials_over_another_accounts_trunk(site, dial):
    assert dial(Phone("+393331112222"), account=site.verdi) == ""


def test_phones_and_trunks_of_another_server_are_reached_by_way_of_it(site, dial):
    server("second")
    assert (
        dial(Sip("x@y", site.anna.id), at="second") == f"PJSIP/employee-{site.anna.id}@server-pbx"
    )
    gateway = site.trunk.gateway_id
    there = f"PJSIP/trunk-{gateway}-+393331112222@server-pbx"
    assert dial(Phone("+393331112222"), at="second") == there
