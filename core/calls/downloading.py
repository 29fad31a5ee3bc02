"""What every gateway's ``fetch`` holds to: a recording comes in time, and is not without end."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from core.contract.errors import CentralinoError, NotFound

if TYPE_CHECKING:
    import requests

LARGEST_BYTES = 200 * 1024 * 1024
LONGEST_SECONDS = 120
WAIT_SECONDS = (3, 20)
"""For the connection, and for the next bytes."""


class Download:
    """A recording on its way; its time runs from here on.

    Args:
        who: who sends it, as the sentences begin: "The provider".
        check: what to look at when they refuse.
    """

    def __init__(self, who: str, check: str) -> None:
        self._who = who
        self._check = check
        self._ends = monotonic() + LONGEST_SECONDS

    def read(self, answer: requests.Response) -> bytes:
        """The file that an answer brings.

        Args:
            answer: to a request with ``stream=True`` and ``timeout=WAIT_SECONDS``.

        Raises:
            NotFound: there is no such recording (any more).
            CentralinoError: they refuse, break off, take too long or send too much.
        """
        if answer.status_code in (404, 410):
            raise NotFound(f"{self._who} has no such recording.")
        if answer.status_code in (401, 403):
            raise CentralinoError(f"{self._who} refuses; check {self._check}.")
        if answer.status_code != 200:
            raise CentralinoError(f"{self._who} answers {answer.status_code}.")
        sound = bytearray()
        for part in answer.iter_content(64 * 1024):
            sound += part
            if len(sound) > LARGEST_BYTES:
                raise CentralinoError(f"The recording is larger than {LARGEST_BYTES} bytes.")
            if monotonic() > self._ends:
                raise CentralinoError(
                    f"The recording did not come within {LONGEST_SECONDS} seconds."
                )
        return bytes(sound)
