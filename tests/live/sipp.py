"""sipp: telephones that do exactly what a scenario says, and many calls at once."""

from __future__ import annotations

import re
import socket
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.live import watching
from tests.live.waiting import PATIENCE_SECONDS, until

PORT = 5060

SDP = """
v=0
o=phone 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
"""
OWN = "Contact: <sip:phone@[local_ip]:[local_port]>"


def _answer(status: str, sdp: bool = False) -> str:
    """An answer to the last request."""
    body = ("Content-Type: application/sdp", "Content-Length: [len]", SDP.rstrip("\n"), "")
    return "<send><![CDATA[\n" + "\n".join(
        (
            f"SIP/2.0 {status}",
            "[last_Via:]",
            "[last_From:]",
            "[last_To:];tag=[pid]T[call_number]",
            "[last_Call-ID:]",
            "[last_CSeq:]",
            OWN,
            *(body if sdp else ("Content-Length: 0", "")),
            "]]></send>",
        )
    )


def _pause(seconds: float) -> str:
    return f'<pause milliseconds="{int(seconds * 1000)}"/>'


PROVISIONAL = "".join(f'<recv response="{code}" optional="true"/>' for code in (100, 180, 183))
INVITED = '<recv request="INVITE"/>'
RINGING = _answer("180 Ringing")
ACK = '<recv request="ACK"/>'
BYE_TAKEN = '<recv request="BYE"/>' + _answer("200 OK").replace(";tag=[pid]T[call_number]", "")


def refuses(status: str, after: float = 0.3) -> str:
    """A telephone that rings and refuses: ``486 Busy Here``, ``603 Decline``."""
    return _callee(INVITED, RINGING, _pause(after), _answer(status), ACK)


def is_silent() -> str:
    """A telephone that rings until the caller gives up."""
    cancelled = _answer("487 Request Terminated").replace("[last_CSeq:]", "CSeq: [cseq] INVITE")
    gone = '<recv request="CANCEL"/>'
    return _callee(INVITED, RINGING, gone, _answer("200 OK"), cancelled, ACK)


def answers(after: float = 0.3, once: bool = True) -> str:
    """A telephone that answers and talks until the other hangs up; ``once``: and is then off."""
    talk = (_answer("200 OK", sdp=True), ACK, BYE_TAKEN)
    return _callee(INVITED, RINGING, _pause(after), *talk, once=once)


def holds(tone: Path, talks: float = 2, held: float = 3) -> str:
    """A telephone that answers, puts the caller on hold and takes them back, saying a tone; then
    it talks until the other hangs up.

    Args:
        tone: raw A-law.
        talks: seconds before the hold, and after it at least.
        held: seconds of the hold.
    """
    return _callee(
        '<recv request="INVITE"><action><ereg regexp=".*" search_in="hdr" header="From:"'
        ' assign_to="caller"/></action></recv>',
        RINGING,
        _answer("200 OK", sdp=True),
        ACK,
        f'<nop><action><exec rtp_stream="{tone},-1,8"/></action></nop>',
        _pause(talks),
        *_again("sendonly", 2),
        _pause(held),
        *_again("sendrecv", 3),
        BYE_TAKEN,
    )


def _again(direction: str, sequence: int) -> tuple[str, ...]:
    """A callee's re-INVITE, and its end."""

    def headers(method: str) -> str:
        return (
            f"{method} [next_url] SIP/2.0\n"
            "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\n"
            "From: <sip:phone@[local_ip]:[local_port]>;tag=[pid]T[call_number]\n"
            f"To: [$caller]\nCall-ID: [call_id]\nCSeq: {sequence} {method}\n{OWN}\n"
            "Max-Forwards: 70\n"
        )

    sdp = f"{SDP.rstrip()}\na={direction}".replace("1 1 IN", f"1 {sequence} IN")
    invite = f"{headers('INVITE')}Content-Type: application/sdp\nContent-Length: [len]\n{sdp}\n"
    ack = f"{headers('ACK')}Content-Length: 0\n"
    return (
        f'<send retrans="500"><![CDATA[\n{invite}]]></send>',
        f'{PROVISIONAL}<recv response="200" rrs="true"/>',
        f"<send><![CDATA[\n{ack}]]></send>",
    )


def _callee(*what: str, once: bool = True) -> str:
    """A telephone that is called, ``once`` or again and again; Asterisk may ask whether it is
    there."""
    done = '<nop><action><exec int_cmd="stop_gracefully"/></action></nop>' if once else ""
    return _scenario(
        '<recv request="OPTIONS" optional="true" next="there"/>',
        *what,
        done,
        '<nop next="end"/>',
        '<label id="there"/>',
        _answer("200 OK"),
        '<label id="end"/>',
    )


def _request(method: str, number: str, caller: str, to: str, sequence: int, tag: str = "") -> str:
    """A request of the caller's; headers that identify the caller come with ``caller``."""
    address = "[local_ip]:[local_port]"
    target = f"sip:{number}@[remote_ip]:[remote_port]" if method == "INVITE" else "[next_url]"
    invite = ("Content-Type: application/sdp", "Content-Length: [len]", SDP.rstrip("\n"), "")
    return "\n".join(
        (
            f"<send{' retrans=' + chr(34) + '500' + chr(34) if method != 'ACK' else ''}><![CDATA[",
            f"{method} {target} SIP/2.0",
            f"Via: SIP/2.0/[transport] {address};branch=[branch]",
            f"From: {caller};tag=[pid]S[call_number]",
            f"To: <sip:{to}@[remote_ip]:[remote_port]>{tag}",
            "Call-ID: [call_id]",
            f"CSeq: {sequence} {method}",
            f"Contact: <sip:caller@{address}>",
            "Max-Forwards: 70",
            *(invite if method == "INVITE" else ("Content-Length: 0", "")),
            "]]></send>",
        )
    )


MESSAGE = re.compile(r"(?s)-{20,} (\S+)\nUDP message \w+ [^\n]*\n\n(.*?)(?=\n-{20,} |\Z)")
"""One message of sipp's log, and when it was."""

WITHHELD = '"Anonymous" <sip:anonymous@anonymous.invalid>'


def calls(number: str, caller: str = "", to: str = "", milliseconds: str | int = 2000) -> str:
    """A caller who is answered, talks so many milliseconds and hangs up.

    Args:
        number: dialled.
        caller: number, or the whole From header; "": withheld.
        to: user part of the To header, when it is another than the number.
        milliseconds: of the talk; or a variable of sipp's.
    """
    who, to = _who(caller), to or number
    tag = "[peer_tag_param]"
    return _scenario(
        _request("INVITE", number, who, to, 1),
        PROVISIONAL,
        '<recv response="200" rrs="true"/>',
        _request("ACK", number, who, to, 1, tag),
        f'<pause milliseconds="{milliseconds}"/>',
        _request("BYE", number, who, to, 2, tag),
        '<recv response="200"/>',
    )


def calls_of_a_list() -> str:
    """Callers as a file of sipp's lists them: ``caller;number;milliseconds`` of the talk."""
    number, who, tag = "[field1]", _who("[field0]"), "[peer_tag_param]"
    value = (
        '<assignstr assign_to="text" value="[field2]"/><todouble assign_to="talk" variable="text"/>'
    )
    return _scenario(
        f"<nop><action>{value}</action></nop>",
        _request("INVITE", number, who, number, 1),
        PROVISIONAL,
        '<recv response="200" rrs="true"/>',
        _request("ACK", number, who, number, 1, tag),
        '<pause variable="talk"/>',
        _request("BYE", number, who, number, 2, tag),
        '<recv response="200"/>',
    )


def is_answered_until_bye(number: str, caller: str = "", to: str = "") -> str:
    """A caller who is answered and waits for the other to hang up."""
    who, to = _who(caller), to or number
    return _scenario(
        _request("INVITE", number, who, to, 1),
        PROVISIONAL,
        '<recv response="200" rrs="true"/>',
        _request("ACK", number, who, to, 1, "[peer_tag_param]"),
        BYE_TAKEN,
    )


def is_refused(number: str, status: int, caller: str = "", to: str = "") -> str:
    """A caller who gets this status."""
    who, to = _who(caller), to or number
    return _scenario(
        _request("INVITE", number, who, to, 1),
        PROVISIONAL,
        f'<recv response="{status}"/>',
        _request("ACK", number, who, to, 1, "[peer_tag_param]"),
    )


def _who(caller: str) -> str:
    if caller.startswith(('"', "<")):
        return caller
    return f"<sip:{caller}@[local_ip]:[local_port]>" if caller else WITHHELD


def _scenario(*parts: str) -> str:
    lines = "\n".join(parts)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="live">\n{lines}\n</scenario>\n'


@dataclass
class Sipp:
    """One running sipp.

    Args:
        programs: the folder of the unpacked programs.
        folder: for its files.
        address: loopback address; one sipp or telephone at a time has it.
    """

    programs: Path
    folder: Path
    address: str

    def start(
        self, scenario: str, server: str = "", count: int = 1, more: Iterable[str] = ()
    ) -> Sipp:
        """Run a scenario: ``count`` calls to ``server``; "": wait to be called."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "scenario.xml").write_text(scenario)
        where = [f"{server}:5060", "-m", str(count)] if server else []
        command = [self.programs / "sipp", *where, "-sf", "scenario.xml", "-i", self.address]
        command += ["-p", str(PORT), "-mi", self.address, "-nostdin"]
        command += ["-timeout", "300", "-timeout_error", "-trace_err", "-error_file", "errors.txt"]
        command += ["-trace_msg", "-message_file", "messages.txt", *more]
        with (self.folder / "screen.txt").open("wb") as screen:
            self.process = subprocess.Popen(
                command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=screen, stderr=screen
            )
        watching.watch(f"sipp at {self.address}", self.process, self.folder / "errors.txt")
        until(self._has_its_port, f"sipp at {self.address} listens")
        return self

    def _has_its_port(self) -> bool:
        """Whether it is there to answer; asking its port itself would take it away from it."""
        own = socket.inet_aton(self.address)[::-1].hex().upper() + f":{PORT:04X}"
        return own in Path("/proc/net/udp").read_text() or self.process.poll() is not None

    def wait(self, seconds: float = PATIENCE_SECONDS) -> None:
        """Until all its calls have gone as the scenario says."""
        until(lambda: self.process.poll() is not None, f"sipp at {self.address} ends", seconds)
        assert self.process.returncode == 0, self.told()

    def told(self) -> str:
        """What went wrong, in sipp's words; and the messages."""
        return "\n".join(
            path.read_text(errors="replace")[-3000:]
            for path in (self.folder / "errors.txt", self.folder / "messages.txt")
            if path.exists()
        )

    def messages(self) -> str:
        """All SIP messages so far."""
        path = self.folder / "messages.txt"
        return path.read_text(errors="replace") if path.exists() else ""

    def lengths(self) -> dict[str, tuple[float, float]]:
        """How long each caller's call lasted: seconds from the call and from the answer to the
        hang-up, by the caller's number."""
        times: dict[str, dict[str, datetime]] = {}
        for stamp, message in MESSAGE.findall(self.messages()):
            who = re.search(r"(?m)^From: <sip:([^@]+)@", message)
            kind = next((kind for kind in ("INVITE", "ACK", "BYE") if message.startswith(kind)), "")
            if who and kind:
                at = datetime.fromisoformat(stamp)
                times.setdefault(who[1], {}).setdefault(kind, at)
        return {
            who: tuple((at["BYE"] - at[kind]).total_seconds() for kind in ("INVITE", "ACK"))
            for who, at in times.items()
        }

    def header(self, name: str) -> str:
        """A header of the first INVITE it got, "" when there was none."""
        invite = self.messages().partition("INVITE sip:")[2].partition("\n\n")[0]
        found = re.search(rf"(?mi)^{re.escape(name)}:\s*(.*?)\s*$", invite)
        return found[1] if found else ""

    def stop(self) -> None:
        """End it if it has not ended."""
        watching.forget(self.process)
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
