"""From the form of "Test a call" to a scenario of the simulator (S3)."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from core.contract.errors import BadInput
from core.web.phones import e164

ACTION = re.compile(
    r"(?P<word>wait|say)\s+(?P<seconds>\d{1,4})$|(?P<hangup>hang\s?up)$|(?P<keys>[0-9*#]+)$"
)
PARTY = "party-"
"""How the form's controls of employees begin; their extension follows."""


def scenario(form: MultiDict, number: str, country: str) -> dict[str, Any]:
    """What was typed, as ``core.calls.scenario`` reads it.

    Args:
        form: ``caller``, ``at`` (local), ``plan``, ``script``, ``party-EXTENSION``.
        number: the number that is called.
        country: whose numbers may be typed without country code.

    Raises:
        BadInput: the caller's number or a word of the script means nothing.
    """
    call = {
        "to": number,
        "from": e164(form.get("caller", ""), country),
        "at": form.get("at", "").strip(),
        "plan": form.get("plan", ""),
    }
    parties = {
        name.removeprefix(PARTY): does
        for name, does in form.items()
        if name.startswith(PARTY) and does
    }
    return {
        "call": {key: value for key, value in call.items() if value},
        "caller": script(form.get("script", "")),
        "employees": parties,
    }


def script(text: str) -> list[dict[str, Any]]:
    """What the caller does: keys, ``wait 20``, ``say 10``, ``hang up``, by comma or line.

    Raises:
        BadInput: names the word that means nothing.
    """
    words = [one.strip() for one in re.split(r"[,;\n]", text.lower())]
    return [_action(one) for one in words if one]


def _action(word: str) -> dict[str, Any]:
    found = ACTION.match(word)
    if not found:
        raise BadInput(
            gettext(
                "“%(word)s” is nothing a caller can do; write keys such as 2, or: wait 20,"
                " say 10, hang up.",
                word=word,
            ),
            {"script": word},
        )
    if found["word"]:
        return {found["word"]: int(found["seconds"])}
    return {"hangup": True} if found["hangup"] else {"press": found["keys"]}
