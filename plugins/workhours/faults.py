"""What is wrong with a calendar, as sentences that say what to change."""

from __future__ import annotations

from core.api import N_, gettext

SENTENCES = {
    "no-calendar": N_("What came is no calendar; it must be an iCalendar file (.ics)."),
    "too-many": N_(
        "It has more than %(detail)s entries within three years; use a calendar that only holds"
        " your closing days."
    ),
    "too-much": N_(
        "It takes too long to work out its dates; look for an entry that repeats every second or"
        " hour."
    ),
    "address": N_("This is no address; write one that begins with https://."),
    "unknown-host": N_("There is no host “%(detail)s”; check the address."),
    "private": N_(
        "The address leads into a private network (%(detail)s), which whoever runs the"
        " installation has not allowed."
    ),
    "unreachable": N_("Nobody answers there: %(detail)s."),
    "status": N_("The server answers with status %(detail)s; check that the calendar is shared."),
    "redirects": N_("The server sends us from address to address."),
    "too-large": N_("It is larger than %(detail)s MB."),
    "too-slow": N_("It did not come within %(detail)s seconds."),
    "both": N_("Give an address or a file, not both."),
    "neither": N_("Give the address of a calendar, or choose its file."),
    "empty": N_("The file is empty; choose an iCalendar file (.ics)."),
}


def sentence(fault: str, detail: str = "") -> str:
    """The fault in the reader's language; one that only another version knows is no calendar."""
    return gettext(SENTENCES.get(fault, SENTENCES["no-calendar"]), detail=detail)
