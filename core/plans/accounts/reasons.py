"""Why somebody decided something: one sentence, always asked for, that others may read."""

from __future__ import annotations

from core.contract.texts import N_
from core.plans.accounts.refusing import refused

LONGEST_REASON = 500
"""Characters; what the tables hold."""


def checked_reason(text: str) -> str:
    """The reason without spaces around it.

    Raises:
        BadInput: there is none, or it is too long.
    """
    reason = "".join(one for one in " ".join(text.split()) if one.isprintable())
    if not reason:
        raise refused("reason", N_("Say why: the reason is missing."))
    if len(reason) > LONGEST_REASON:
        words = N_("The reason has %(length)s characters; %(most)s are the most.")
        raise refused("reason", words, length=len(reason), most=LONGEST_REASON)
    return reason


def checked_message(text: str) -> str:
    """A message for the audit, without spaces around it; there may be none.

    Raises:
        BadInput: it is too long.
    """
    message = " ".join(text.split())
    if len(message) > LONGEST_REASON:
        words = N_("The message has %(length)s characters; %(most)s are the most.")
        raise refused("message", words, length=len(message), most=LONGEST_REASON)
    return message
