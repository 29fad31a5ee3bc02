"""A SIP telephone: baresip, driven through its control socket. It says a tone of its own and keeps
what it hears in a WAV."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from tests.live import watching
from tests.live.sound import Sound, split, write_tone
from tests.live.waiting import PATIENCE_SECONDS, until

SAYS_SECONDS = 60
QUITS_WITHIN_SECONDS = 3
WAV_HEAD = 44
"""Bytes before the first sample."""


class Phone:
    """One telephone on an address of its own.

    Args:
        programs: the folder of the unpacked programs.
        folder: for its files; short-lived.
        address: loopback address.
        hertz: the tone it says.
        server: SIP address of Asterisk.
        users: the names (or numbers) it has there.
        password: registers with it; "": does not register.
        answers: whether it answers by itself.
    """

    def __init__(
        self,
        programs: Path,
        folder: Path,
        address: str,
        hertz: int,
        server: str,
        *users: str,
        password: str = "",
        answers: bool = True,
    ) -> None:
        self.address, self.server, self.users = address, server, users
        self._folder = folder
        self._programs = programs
        self._events: list[dict[str, Any]] = []
        self._answers: dict[str, dict[str, Any]] = {}
        self._looked = 0
        self._forgotten = 0
        folder.mkdir(parents=True)
        write_tone(folder / "says.wav", hertz, SAYS_SECONDS)
        (folder / "accounts").write_text(
            "".join(self._account(user, password, answers) for user in users)
        )
        (folder / "config").write_text(self._config())

    def _account(self, user: str, password: str, answers: bool) -> str:
        auth = f";auth_user={user};auth_pass={password}" if password else ""
        mode = ";answermode=auto" if answers else ""
        interval = 60 if password else 0
        return f"<sip:{user}@{self.server}>{auth};regint={interval}{mode};audio_codecs=pcma\n"

    def _config(self) -> str:
        # It has no tones of its own (audio_path): they would be heard beside what it is sent.
        return f"""sip_listen {self.address}:5060
net_interface {self.address}
rtp_ports 30000-30100
audio_path {self._folder}
audio_source aufile,{self._folder}/says.wav
audio_player aufile,{self._folder}/heard.wav
module_path {self._programs}/root/usr/lib/baresip/modules
module g711.so
module aufile.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen {self.address}:4444
statmode_default off
"""

    def start(self) -> Phone:
        """Switch it on; a telephone with a password is then registered."""
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [self._programs / "baresip", "-f", self._folder],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
            )
        watching.watch(f"the telephone of {self.users[0]}", self._process, self._folder / "log")
        self._socket = until(self._connect, f"baresip at {self.address} listens")
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        return self

    def _connect(self) -> socket.socket | None:
        try:
            return socket.create_connection((self.address, 4444), timeout=5)
        except OSError:
            assert self._process.poll() is None, (self._folder / "log").read_text()
            return None

    def _read(self) -> None:
        """Take netstrings of JSON until the telephone is switched off."""
        buffer = b""
        self._socket.settimeout(None)
        while more := self._receive():
            buffer += more
            while b":" in buffer:
                head, _, rest = buffer.partition(b":")
                if len(rest) <= int(head):
                    break
                message, buffer = json.loads(rest[: int(head)]), rest[int(head) + 1 :]
                if message.get("event"):
                    self._events.append(message)
                else:
                    self._answers[message.get("token", "")] = message

    def _receive(self) -> bytes:
        try:
            return self._socket.recv(65536)
        except OSError:
            return b""

    def do(self, command: str, words: str = "") -> dict[str, Any]:
        """A command of baresip: ``dial``, ``accept``, ``hangup``, ``hold``, ``resume``,
        ``transfer``; it is taken when this returns."""
        token = self._send(command, words)
        return until(lambda: self._answers.get(token), f"baresip did {command} {words}")

    def _send(self, command: str, words: str) -> str:
        token = f"{command}-{len(self._answers)}"
        text = json.dumps({"command": command, "params": words, "token": token}).encode()
        self._socket.sendall(b"%d:%s," % (len(text), text))
        return token

    def dial(self, number: str) -> None:
        """Call a number through its server."""
        self.do("dial", f"sip:{number}@{self.server}")

    def press(self, digits: str) -> None:
        """Press keys: telephone events in the sound stream (RFC 4733)."""
        self.do("sndcode", digits)

    def hang_up(self) -> None:
        """End the call, or refuse it."""
        self.do("hangup")

    def happened(self, kind: str) -> list[dict[str, Any]]:
        """All events of a kind so far: ``CALL_INCOMING``, ``CALL_ESTABLISHED``, …"""
        return [event for event in self._events if event["type"] == kind]

    def wait(self, kind: str, seconds: float = PATIENCE_SECONDS) -> dict[str, Any]:
        """The next event of a kind that has not been waited for."""

        def found() -> dict[str, Any] | None:
            for place, event in enumerate(self._events[self._looked :], self._looked):
                if event["type"] == kind:
                    self._looked = place + 1
                    return event
            return None

        return until(found, lambda: f"{self.users[0]}: {kind}; it has {self._kinds()}", seconds)

    def _kinds(self) -> list[str]:
        return [f"{event['type']} {event.get('param', '')}".strip() for event in self._events]

    def heard(self) -> Sound:
        """What it has heard in its last call so far, but for what it was told to forget."""
        samples = self._samples()
        if len(samples) < self._forgotten:  # another call has begun
            self._forgotten = 0
        return Sound(samples[self._forgotten :])

    def forget(self) -> None:
        """What was heard until now does not count."""
        self._forgotten = len(self._samples())

    def _samples(self) -> np.ndarray:
        path = self._folder / "heard.wav"
        content = path.read_bytes() if path.exists() else b""
        return split(content)[0].samples if len(content) > WAV_HEAD else np.zeros(0)

    @property
    def call(self) -> str:
        """The Call-ID of the call that was answered last."""
        return self.happened("CALL_ESTABLISHED")[-1]["id"]

    def hand_over(self, call: str, dialog: str) -> None:
        """Transfer the other party of a call to the one of a consultation (attended).

        Args:
            call: the Call-ID of the call that is handed over.
            dialog: the consultation, as a Replaces header names it at the server.
        """
        self.do("callfind", call)
        self.do("transfer", f"sip:consultation@{self.server}?Replaces={quote(dialog, safe='')}")

    def stop(self) -> None:
        """Switch it off as its user would: it hangs up and signs off."""
        watching.forget(self._process)
        try:
            self._send("quit", "")
            self._process.wait(QUITS_WITHIN_SECONDS)
        except (OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        self._socket.close()
        self._reader.join()
