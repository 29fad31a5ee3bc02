"""What is written for a server: closed doors, backup numbers, emergencies, phones, peers."""

from __future__ import annotations

import re

import pytest

from core.api import AccountRow, BadInput, LineRow
from plugins.asterisk.models import ServerRow
from plugins.asterisk.setup.picture import picture_of
from plugins.asterisk.setup.rendering import modules
from tests.plugins.asterisk.setup.conftest import phone, section, server, trunk


@pytest.fixture
def backup(site):
    """A function that sets backup numbers."""

    def set(number="", account="", line=None):
        LineRow.update(backup_number=number, backup_line=line).where(
            LineRow.id == site.line.id
        ).execute()
        AccountRow.update(backup_number=account).where(AccountRow.id == site.rossi.id).execute()

    yield set
    set()


def dialled(text):
    """What the dialplan dials for the number while nobody answers."""
    (line,) = [one for one in section(text, "centralino-backup") if "+390612345678,1" in one]
    return re.search(r"s,1\((.*)\)\)", line)[1].split(",")


def test_a_number_has_its_own_backup_number_else_its_accounts(site, written, backup):
    over = f"@trunk-{site.trunk.gateway_id}"
    backup("+393331112222", "+393339999999")
    assert dialled(written()["extensions.conf"]) == [f"PJSIP/+393331112222{over}", "+390612345678"]
    backup("", "+393339999999")
    assert dialled(written()["extensions.conf"]) == [f"PJSIP/+393339999999{over}", "+390612345678"]
    backup()
    assert dialled(written()["extensions.conf"]) == ["", "+390612345678"]


def test_a_backup_number_goes_over_the_line_that_was_chosen(site, written, backup):
    other = trunk(site, site.rossi, "192.0.2.11", plus=False)
    line = LineRow.create(account=site.rossi, number="+390212345678", gateway=other.gateway)
    backup("+393331112222", line=line)
    endpoint, caller = dialled(written()["extensions.conf"])
    assert endpoint == f"PJSIP/393331112222@trunk-{other.gateway_id}"
    assert caller == "390212345678"


def test_a_number_is_known_as_providers_may_write_it(site, written):
    lines = section(written()["extensions.conf"], f"centralino-backup-{site.trunk.gateway_id}")
    known = {one.split("=> ")[1].split(",")[0] for one in lines if "Goto" in one}
    assert known == {"+390612345678", "390612345678", "00390612345678", "0612345678"}


def test_a_call_is_offered_to_every_slot(site, written):
    ServerRow.update(slots=3).execute()
    lines = "\n".join(section(written(ServerRow.get())["extensions.conf"], "centralino-ask"))
    assert "RAND(1,3)" in lines
    assert "% 3 + 1" in lines
    assert "< 3]?ask" in lines


def test_phones_reach_the_outside_by_way_of_centralino_only(site, written):
    phone(site, site.anna)
    text = written()["extensions.conf"]
    assert not [one for one in section(text, "centralino-phone") if "Dial(" in one]
    alone = section(text, f"centralino-alone-{site.trunk.gateway_id}")
    numbers = [one.split("=> ")[1].split(",")[0] for one in alone if "centralino-dial" in one]
    assert numbers == ["112", "113", "115", "118"]
    assert "include" not in text


def test_nobody_without_a_name_is_let_in(site, written):
    phone(site, site.anna)
    texts = written()
    assert "anonymous" not in texts["pjsip.conf"]
    assert not [one for one in modules() if "anonymous" in one]
    assert "autoload = no" in texts["modules.conf"]
    assert "bindaddr = 127.0.0.1" in texts["http.conf"]
    for name in ("phone", "trunk", "common"):
        assert not [one for one in section(texts["pjsip.conf"], name) if "context = default" in one]


def test_a_phone_signs_in_with_a_digest_and_transfers_by_way_of_centralino(site, written):
    row, password = phone(site, site.anna)
    text = written()["pjsip.conf"]
    assert password not in text
    assert f"md5_cred = {row.digest}" in text
    assert "set_var = PJSIP_TRANSFER_HANDLING()=ari-only" in section(text, "phone")
    assert f"set_var = CENTRALINO_GATEWAY={site.trunk.gateway_id}" in section(text, row.endpoint)


def test_a_trunk_that_registers_is_known_by_its_registration(site, written):
    row = trunk(site, site.verdi, "192.0.2.10", register=True, user="100", secret="p;w")
    lines = section(written()["pjsip.conf"], row.endpoint)
    assert "line = yes" in lines
    assert "password = p\\;w" in lines
    assert not [one for one in lines if one.startswith("match")]
    named = section(written()["extensions.conf"], f"centralino-{row.endpoint}")
    assert [one for one in named if one.startswith("exten => 100,1")]


def test_servers_reach_each_other_with_a_password(site, written):
    second = server("second", secret="other")
    first, other = written()["pjsip.conf"], written(second)["pjsip.conf"]
    password = [one for one in section(first, "server-second") if "password" in one]
    assert password
    assert password == [one for one in section(other, "server-pbx") if "password" in one]
    assert "from_user = server-pbx" in section(first, "server-second")


def test_what_a_stranger_typed_is_never_written(site, written):
    for words in ("x\n[evil]", "y;z", "${SHELL(id)}"):
        ServerRow.update(user=words).execute()
        with pytest.raises(BadInput, match="cannot stand in a configuration file"):
            written(ServerRow.get())


def test_the_digest_changes_with_the_database(site):
    before = picture_of(site.server).digest
    assert picture_of(site.server).digest == before
    phone(site, site.anna)
    assert picture_of(site.server).digest != before


def test_places_are_options(site, written, tmp_path):
    texts = written(state="/srv/ast", modules="/srv/mod", rtp="20000-20100", bind="192.0.2.1")
    assert "astrundir => /srv/ast/run" in texts["asterisk.conf"]
    assert f"astetcdir => {tmp_path}" in texts["asterisk.conf"]
    assert "rtpend = 20100" in texts["rtp.conf"]
    assert "bind = 192.0.2.1:5060" in texts["pjsip.conf"]
    assert "media_address = 192.0.2.1" in texts["pjsip.conf"]


def test_a_server_on_loopback_listens_there_only(written):
    texts = written(server("near", sip_host="127.0.9.9:5070"))
    assert "bind = 127.0.9.9:5070" in texts["pjsip.conf"]
    assert "0.0.0.0" not in texts["pjsip.conf"]


def test_hold_music_is_the_accounts_unless_a_number_has_its_own(site, written):
    phone(site, site.anna)
    name, own = f"account-{site.rossi.id}", f"number-{site.line.id}"
    texts = written(music={name: "/srv/hold", own: "/srv/own"})
    assert section(texts["musiconhold.conf"], name) == ["mode = playlist", "entry = /srv/hold"]
    assert section(texts["musiconhold.conf"], own) == ["mode = playlist", "entry = /srv/own"]
    assert f"moh_suggest = {name}" in section(texts["pjsip.conf"], f"employee-{site.anna.id}")
