"""Between the form of "Test a call" and a scenario of the simulator (S3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from core.calls.moment import DAYS, moment
from core.calls.scenario import LONGEST_TALK, LONGEST_WAIT, MOST_KEYS
from core.calls.scenario import PARTY as DOES
from core.contract.errors import BadInput
from core.contract.texts import N_
from core.web.phones import e164

ACTION = re.compile(
    r"(?P<word>wait|say)\s+(?P<seconds>\d{1,4})$|(?P<hangup>hang\s?up)$|(?P<keys>[0-9*#]+)$"
)
PARTY = "party-"
"""How the form's controls of employees begin; their extension follows."""

EXPECTED = ("outcome", "ends")
"""The fields of what is expected of a saved call."""

LOCAL = "%Y-%m-%dT%H:%M"
"""How a browser's control writes a date and a time."""

REPEATS = {
    "": N_("on this very date"),
    "week": N_("on the next such day of the week"),
    "workday": N_("on the next working day (Monday to Friday)"),
    "day": N_("on the same day"),
    "tomorrow": N_("on the following day"),
    "year": N_("on the next such day of the year"),
}
"""When a saved scenario's call comes, each time it is run."""


def scenario(form: MultiDict, number: str, country: str) -> dict[str, Any]:
    """What was typed, as ``core.calls.scenario`` reads it.

    Args:
        form: ``caller``, ``at`` (local), ``repeats``, ``plan``, ``sip_to``, ``script``,
            ``party-EXTENSION``, ``numbers``, ``talk``; and, of a saved one, ``name``, ``outcome``,
            ``ends``.
        number: the number that is called.
        country: whose numbers may be typed without country code.

    Raises:
        BadInput: the caller's number, a number, the time or a word of the script means nothing.
    """
    call = {
        "to": number,
        "from": e164(form.get("caller", ""), country),
        "at": _at(form.get("at", "").strip(), form.get("repeats", "")),
        "plan": form.get("plan", ""),
        "sip_to": form.get("sip_to", "").strip(),
    }
    parties = {
        name.removeprefix(PARTY): does
        for name, does in form.items()
        if name.startswith(PARTY) and does
    }
    made: dict[str, Any] = {
        "call": {key: value for key, value in call.items() if value},
        "caller": script(form.get("script", "")),
        "employees": parties,
        "numbers": _numbers(form.get("numbers", ""), country),
    }
    if form.get("talk", "").strip():
        made["talk_seconds"] = _talk(form["talk"].strip())
    return made


def expectation(form: MultiDict) -> dict[str, Any]:
    """What was typed of a scenario that is to be saved."""
    wanted = {key: form.get(key, "").strip() for key in EXPECTED}
    return {"name": form.get("name", "").strip(), "expect": wanted}


def proposed(typed: MultiDict, name: str, came: str | None, *, saved: bool) -> str:
    """What the form offers to expect of a call.

    Args:
        typed: the form as it was sent; ``came-NAME`` is what came of the run before.
        name: ``outcome`` or ``ends``.
        came: what came of this run; None when there was none.
        saved: whether the call is a saved one: its expectation stays.

    Returns:
        What was chosen; what came, for as long as nobody has chosen otherwise.
    """
    chosen = typed.get(name)
    called_again = not saved and came is not None and typed.get("do") == "call"
    follows = called_again and chosen == typed.get(f"came-{name}")
    return (came or "") if chosen is None or follows else chosen


def form_of(saved: Mapping[str, Any], zone: ZoneInfo, now: datetime) -> MultiDict:
    """The form of a saved scenario, as it would be typed.

    Args:
        saved: as ``core.calls.rehearsal.saved.scenario_json`` gives it.
        zone: of the number.
        now: the instant from which a moment that comes again is counted.
    """
    call = saved["call"]
    at = moment(call.get("at", ""), zone, now).astimezone(zone)
    typed = {
        "caller": call.get("from", ""),
        "at": at.strftime(LOCAL),
        "repeats": _repeats(call.get("at", "")),
        "plan": call.get("plan", ""),
        "sip_to": call.get("sip_to", ""),
        "script": ", ".join(map(_word, saved.get("caller", ()))),
        "numbers": "\n".join(f"{key} {does}" for key, does in saved.get("numbers", {}).items()),
        "talk": str(saved.get("talk_seconds", "")),
        "name": saved["name"],
        **{key: saved["expect"].get(key, "") for key in EXPECTED},
    }
    parties = {f"{PARTY}{key}": does for key, does in saved.get("employees", {}).items()}
    return MultiDict(typed | parties)


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
        return {found["word"]: _seconds(found["seconds"], word)}
    return {"hangup": True} if found["hangup"] else {"press": _keys(found["keys"])}


def _seconds(typed: str, word: str) -> int:
    if int(typed) > LONGEST_WAIT:
        text = gettext(
            "“%(word)s” is too long; %(most)s seconds are the most.", word=word, most=LONGEST_WAIT
        )
        raise BadInput(text, {"script": word})
    return int(typed)


def _keys(typed: str) -> str:
    if len(typed) > MOST_KEYS:
        text = gettext(
            "“%(keys)s” are too many keys; %(most)s at a time are the most.",
            keys=typed,
            most=MOST_KEYS,
        )
        raise BadInput(text, {"script": typed})
    return typed


def _talk(typed: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", typed) or int(typed) > LONGEST_TALK:
        text = gettext(
            "“%(typed)s” is no length of a talk; write seconds, from 0 to %(most)s.",
            typed=typed,
            most=LONGEST_TALK,
        )
        raise BadInput(text, {"talk": typed})
    return int(typed)


def _word(action: Mapping[str, Any]) -> str:
    ((kind, value),) = action.items()
    if kind == "press":
        return value
    return "hang up" if kind == "hangup" else f"{kind} {value}"


def _numbers(text: str, country: str) -> dict[str, str]:
    """What outside numbers do: ``+393331234567 busy``, one in a line."""
    found = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        number, _, does = line.rpartition(" ")
        if does not in DOES:
            raise BadInput(
                gettext(
                    "“%(line)s”: write a number and what it does: %(words)s.",
                    line=line,
                    words=", ".join(DOES),
                ),
                {"numbers": line},
            )
        found[e164(number, country)] = does
    return found


def _at(typed: str, repeats: str) -> str:
    """A date of the browser's control, as a scenario names it when it comes again."""
    if not typed or not repeats:
        return typed
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        return typed  # the scenario says what is wrong with it
    clock = f"{at:%H:%M}"
    days = {
        "week": DAYS[at.weekday()],
        "day": "today",
        "tomorrow": "tomorrow",
        "year": f"{at:%m-%d}",
    }
    return f"{days.get(repeats, 'workday')} {clock}"


def _repeats(at: str) -> str:
    """The key of ``REPEATS`` for a scenario's moment."""
    word = at.lower().removeprefix("next ").partition(" ")[0]
    if word in DAYS:
        return "week"
    known = {"workday": "workday", "today": "day", "tomorrow": "tomorrow"}
    return known.get(word, "year" if re.fullmatch(r"\d\d-\d\d", word) else "")
