"""sipp: telephones that do exactly what a scenario says, and many calls at once."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.live.waiting import until

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


RINGING = _answer("180 Ringing")
ACK = '<recv request="ACK"/>'
BYE_TAKEN = '<recv request="BYE"/>' + _answer("200 OK").replace(";tag=[pid]T[call_number]", "")


def refuses(status: str, after: float = 0.3) -> str:
    """A telephone that rings and refuses: ``486 Busy Here``, ``603 Decline``."""
    return _callee(RINGING, _pause(after), _answer(status), ACK)


def is_silent() -> str:
    """A telephone that rings until the caller gives up."""
    cancelled = _answer("487 Request Terminated").replace("[last_CSeq:]", "CSeq: [cseq] INVITE")
    gone = '<recv request="CANCEL"/>'
    return _callee(RINGING, gone, _answer("200 OK"), cancelled, ACK)


def answers(after: float = 0.3) -> str:
    """A telephone that answers and talks until the other hangs up."""
    return _callee(RINGING, _pause(after), _answer("200 OK", sdp=True), ACK, BYE_TAKEN)


def _callee(*what: str) -> str:
    return _scenario('<recv request="INVITE"/>', *what)


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


PROVISIONAL = "".join(f'<recv response="{code}" optional="true"/>' for code in (100, 180, 183))
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
        """Run a scenario ``count`` times; ``server``: whom to call, "": waits to be called."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "scenario.xml").write_text(scenario)
        where = [f"{server}:5060"] if server else []
        command = [self.programs / "sipp", *where, "-sf", "scenario.xml", "-i", self.address]
        command += ["-p", "5060", "-mi", self.address, "-m", str(count), "-nostdin"]
        command += ["-timeout", "120", "-timeout_error", "-trace_err", "-error_file", "errors.txt"]
        command += ["-trace_msg", "-message_file", "messages.txt", *more]
        with (self.folder / "screen.txt").open("wb") as screen:
            self.process = subprocess.Popen(
                command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=screen, stderr=screen
            )
        return self

    def wait(self, seconds: float = 30) -> None:
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

    def header(self, name: str) -> str:
        """A header of the first INVITE it got, "" when there was none."""
        invite = self.messages().partition("INVITE sip:")[2].partition("\n\n")[0]
        found = re.search(rf"(?mi)^{re.escape(name)}:\s*(.*?)\s*$", invite)
        return found[1] if found else ""

    def stop(self) -> None:
        """End it if it has not ended."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
