"""Says what is wrong with a server, each fault in a sentence that says what to do."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from core.api import CentralinoError, EmployeeRow, GatewayRow, Switchboard, data_folder
from plugins.asterisk.models import ServerRow, SlotRow
from plugins.asterisk.setup.asking import Asking, Refused, read_version
from plugins.asterisk.setup.music import hold_music
from plugins.asterisk.setup.picture import PhonePicture, Picture, Trunk, picture_of
from plugins.asterisk.setup.reloading import global_name, read_digest
from plugins.asterisk.setup.rendering import modules
from plugins.asterisk.setup.safe import PLAIN

OLDEST = {20: 14, 21: 9, 22: 4}
"""The first release of each branch that takes REST over the websocket; later branches all do."""

APART = timedelta(seconds=5)
"""How far two clocks may be apart: instants of calls are Asterisk's."""

NAMED = 6
"""So many missing modules are named; where more are missing, the configuration is not ours."""

SILENT = 20
"""Where more phones than these are not registered, the reason lies elsewhere than in each."""

READS_WITHIN = 2.0
"""Seconds in which Asterisk says whether it can read a file."""


def check_server(server: ServerRow, board: Switchboard) -> Iterator[str]:
    """The faults of a server, in the order in which they should be mended.

    Args:
        server: which.
        board: the installation.
    """
    asking = Asking(server)
    try:
        yield from _too_old(read_version(asking))
        yield from _clock(asking.date, board.now())
        yield from _missing_modules(asking)
        picture = picture_of(server)
        yield from _old_configuration(asking, picture)
        yield from _slots(asking, server, board.now())
        yield from _unreachable(asking, picture)
        yield from _unreadable(asking, hold_music(board, picture.accounts))
        yield from _no_recordings(asking)
    except CentralinoError as error:
        yield str(error)


def _too_old(version: str) -> Iterator[str]:
    found = re.match(r"(?:\D*)(\d+)\.(\d+)", version)
    if found is None:
        return  # built from source without a number: nobody can say
    branch, release = int(found[1]), int(found[2])
    if branch < min(OLDEST) or release < OLDEST.get(branch, 0):
        yield (
            f"Asterisk {version} is too old, it must take requests over its websocket: install"
            " 22.4, 21.9, 20.14 or a later one."
        )


def _clock(theirs: datetime | None, ours: datetime) -> Iterator[str]:
    if theirs is not None and abs(theirs - ours) > APART:
        seconds = round(abs((theirs - ours).total_seconds()))
        yield (
            f"Asterisk's clock is {seconds} s {'fast' if theirs > ours else 'slow'}: set both by"
            " the same time server, or calls get wrong times."
        )


def _missing_modules(asking: Asking) -> Iterator[str]:
    known = asking.ask("GET", "asterisk/modules") or ()
    running = {one["name"].removesuffix(".so") for one in known if one["status"] == "Running"}
    missing = [one for one in modules() if one not in running]
    if missing:
        more = f" and {len(missing) - NAMED} more" if len(missing) > NAMED else ""
        yield (
            f"Asterisk has not loaded {', '.join(missing[:NAMED])}{more}: install"
            " asterisk-modules, write the configuration again and restart Asterisk."
        )


def _old_configuration(asking: Asking, picture: Picture) -> Iterator[str]:
    found = read_digest(asking)
    if not found:
        yield (
            "Asterisk has not read Centralino's configuration:"
            f" centralino asterisk config --server {picture.name}, then restart Asterisk."
        )
    elif found != picture.digest:
        yield (
            "Asterisk's configuration is older than the database:"
            f" centralino asterisk config --server {picture.name} --reload"
        )


def _slots(asking: Asking, server: ServerRow, now: datetime) -> Iterator[str]:
    held = {str(one) for one in SlotRow.select().where(SlotRow.server == server, SlotRow.held(now))}
    known = {one["name"] for one in asking.ask("GET", "applications") or ()}
    wanted = {f"centralino-{number}" for number in range(1, server.slots + 1)}
    served = held & known & wanted
    if not served:
        yield "Nobody takes its calls: start `centralino asterisk run`."
    elif served != wanted:
        left = ", ".join(sorted(wanted - served))
        yield (
            f"Nobody serves {left}: a process that runs takes them within 15 s; if none does, start"
            " `centralino asterisk run`."
        )


def _unreachable(asking: Asking, picture: Picture) -> Iterator[str]:
    known = {one["resource"]: one["state"] for one in asking.ask("GET", "endpoints/PJSIP") or ()}
    for trunk in picture.trunks:
        if known.get(f"probe-{trunk.gateway}", "online") != "online":
            gateway = GatewayRow.get_by_id(trunk.gateway)
            yield (
                f"The trunk {trunk.name} ({gateway.name}, {gateway.account.name}) does not reach"
                f" {trunk.host}: is the address right, and does a firewall let SIP through?"
            )
    yield from _deaf(asking, [one for one in picture.trunks if one.match and one.name in known])
    yield from _silent([one for one in picture.phones if known.get(one.name, "online") != "online"])


def _deaf(asking: Asking, trunks: Iterable[Trunk]) -> Iterator[str]:
    """A name that could not be looked up as Asterisk read it is not looked up again: the trunk's
    calls are a stranger's."""
    for trunk in trunks:
        place = f"asterisk/config/dynamic/res_pjsip/identify/{trunk.name}"
        if asking.ask("GET", place) is None:
            yield (
                f"Asterisk refuses the calls of the trunk {trunk.name}: it could not look up"
                f" {', '.join(trunk.match)}. When it can: asterisk -rx 'module reload"
                " res_pjsip_endpoint_identifier_ip.so'; addresses need no such thing."
            )


def _silent(phones: Sequence[PhonePicture]) -> Iterator[str]:
    """Phones that are not registered: many of them have one reason, and one sentence."""
    if len(phones) > SILENT:
        named = ", ".join(f"{one.name} ({_whose(one)})" for one in phones[:NAMED])
        yield (
            f"{len(phones)} phones are not registered, {named} and others: are they switched on,"
            " and does a firewall let SIP through?"
        )
        return
    for one in phones:
        yield (
            f"The phone {one.name} is not registered ({_whose(one)}): is it switched on, are its"
            " server, user name and password right, and does a firewall let SIP through?"
        )


def _whose(phone: PhonePicture) -> str:
    """Whose phone it is: nobody knows employees by their ids."""
    employee = EmployeeRow.get_by_id(phone.employee)
    return f"{employee.name}, {employee.account.name}"


def _unreadable(asking: Asking, music: dict[str, str]) -> Iterator[str]:
    """Asterisk itself looks for each file that it must play."""
    folder = data_folder("asterisk") / "spoken"
    folder.mkdir(exist_ok=True, parents=True)
    paths = {folder, *(Path(one + ".wav") for one in music.values())}
    for path in sorted(paths):
        if PLAIN.fullmatch(str(path)) and _reads(asking, str(path)) is False:
            yield (
                f"Asterisk cannot read {path}: let its user into the data folder"
                " (docs/asterisk.md says how), or callers hear nothing."
            )


def _no_recordings(asking: Asking) -> Iterator[str]:
    """Asterisk never makes the folder of recordings, and refuses to list one that is missing."""
    try:
        asking.ask("GET", "recordings/stored")
    except Refused:
        yield (
            "Asterisk has no folder for recordings, so that nothing is recorded and no message"
            " taken: install -d -o asterisk -g asterisk -m 750 /var/spool/asterisk/recording"
        )


def _reads(asking: Asking, path: str) -> bool | None:
    """Whether Asterisk finds a file; None when it does not say."""
    mark = global_name("READS")
    asking.ask("POST", "asterisk/variable", variable=mark, value="")
    made = asking.ask(
        "POST",
        "channels",
        endpoint="Local/s@centralino-check/n",
        context="centralino-check",
        extension="wait",
        priority=1,
        json={"variables": {f"__{global_name('PATH')}": path}},
    )
    ends = time.monotonic() + READS_WITHIN
    while made and time.monotonic() < ends:
        answer = asking.ask("GET", "asterisk/variable", variable=mark) or {}
        if answer.get("value"):
            return answer["value"] == "1"
        time.sleep(0.02)
    return None
