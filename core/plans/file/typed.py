"""What people type into a cell of the plan grid or paste from a spreadsheet, English or Italian.

The plan file knows one word for each thing; people know several. What could mean two things is
refused with a sentence, never guessed.
"""

from __future__ import annotations

import re

from core.contract.errors import BadInput
from core.contract.features import Feature, FeatureKind
from core.contract.texts import N_, phrase
from core.plans.decision import DEFAULT_WARN_AT, UNLIMITED
from core.plans.file.advice import LONGEST_SHOWN
from core.plans.file.cells import MOST
from core.plans.file.faults import printable
from core.plans.file.plan import Grant
from core.plans.file.written import Written

_INHERIT = frozenset({"", "inherit", "inherits", "eredita"})
_YES = frozenset({"true", "yes", "on", "sì", "si", "✓", "✔", "x", "vero"})
_NO = frozenset({"false", "no", "off", "–", "-", "—", "−", "falso"})
_NO_LIMIT = frozenset({UNLIMITED, "∞", "illimitato", "illimitata", "senza limite"})
_NEVER = frozenset({"none", "never", "nessuno", "nessuna", "mai", *_NO})

_WARNING = re.compile(r"(?P<limit>[^@(]*)(?:@(?P<bare>[^@()]*)|\((?P<framed>[^@()]*)\))")
_PLAIN = re.compile(r"0|[1-9][0-9]*")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}([ .,'’])[0-9]{3}(?:\1[0-9]{3})*")
"""Thousands: ``1,000`` in English, ``1.000`` in Italian; ``1.5`` and ``1,000.00`` are neither."""

_TAKES = {
    FeatureKind.SWITCH: N_('"%(word)s" cannot be granted; "%(feature)s" takes true or false'),
    FeatureKind.METERED: N_('"%(word)s" cannot be granted; "%(feature)s" takes true or false'),
    FeatureKind.NUMBER: N_(
        '"%(word)s" cannot be granted; "%(feature)s" takes false, a whole number such as 0 or 100,'
        " or unlimited"
    ),
    FeatureKind.QUOTA: N_(
        '"%(word)s" cannot be granted; "%(feature)s" takes false, a whole number such as 100, also'
        " with warnings such as 100 @ 80, 100, or unlimited"
    ),
    FeatureKind.CHOICE: N_(
        '"%(word)s" cannot be granted; "%(feature)s" takes false or one of: %(choices)s'
    ),
}
_TOO_MANY = N_('"%(word)s" is too much for "%(feature)s"; write up to %(most)s, or unlimited')
_PERCENTS = N_(
    '"%(word)s" cannot be granted; "%(feature)s" warns at different percents from 1 to 100, such as'
    " 100 @ 80, 100, or never: 100 @ none"
)


def typed_cell(word: str, feature: Feature) -> Written | None:
    """What a person means by a word.

    Args:
        word: what was typed or pasted; ``100 @ 80, 100`` is a quota with its warnings.
        feature: the row it was typed into.

    Returns:
        The cell; None to inherit.

    Raises:
        BadInput: one sentence with the word and what the feature takes.
    """
    typed = " ".join(word.split()).lower()
    if feature.kind is FeatureKind.CHOICE:
        chosen = _choice(word.strip(), feature)
        if chosen is not None:
            return Written(chosen)
    if typed in _INHERIT:
        return None
    written = _read(typed, feature)
    if written is None or not takes(feature, written):
        raise BadInput(_refusal(word, written, feature))
    return written


def cell_text(written: Written | None) -> str:
    """What to type for a cell: :func:`typed_cell` reads it back.

    Args:
        written: the cell; None inherits and is empty.
    """
    if written is None:
        return ""
    text = grant_text(written.value)
    if written.warn_at == DEFAULT_WARN_AT:
        return text
    return f"{text} @ {', '.join(map(str, written.warn_at)) or 'none'}"


def grant_text(value: Grant) -> str:
    """A value as the plan file writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def takes(feature: Feature, written: Written) -> bool:
    """Whether a cell of this feature can say this (plans.md §1)."""
    value, warns = written.value, written.warn_at != DEFAULT_WARN_AT
    counted = feature.kind in (FeatureKind.NUMBER, FeatureKind.QUOTA)
    if type(value) is int:
        warned = feature.kind is FeatureKind.QUOTA and _are_percents(written.warn_at)
        return counted and 0 <= value <= MOST and (warned or not warns)
    if value is False:
        return not warns
    if feature.kind is FeatureKind.CHOICE:
        return value in feature.choices and not warns
    return value == UNLIMITED and not warns if counted else value is True and not warns


def require_taken(written: Written, feature: Feature) -> None:
    """Refuse what a cell of this feature cannot say.

    Raises:
        BadInput: one sentence with the value and what the feature takes.
    """
    if not takes(feature, written):
        raise BadInput(_refusal(cell_text(written), written, feature))


def _choice(word: str, feature: Feature) -> str | None:
    if word in feature.choices:
        return word
    same = [one for one in feature.choices if one.casefold() == word.casefold()]
    return same[0] if len(same) == 1 else None


def _read(typed: str, feature: Feature) -> Written | None:
    """A word in one of the ways that any feature may be written; None for what is no such word."""
    warning = _WARNING.fullmatch(typed)
    if warning and feature.kind is FeatureKind.QUOTA:
        limit = _count(warning["limit"].strip())
        percents = warning["bare"] if warning["framed"] is None else warning["framed"]
        return None if limit is None else Written(limit, _percents(percents))
    if typed in _NO:
        return Written(False)
    if typed in _YES:
        return Written(True)
    if typed in _NO_LIMIT:
        return Written(UNLIMITED)
    count = _count(typed)
    return None if count is None else Written(count)


def _count(typed: str) -> int | None:
    if not (_PLAIN.fullmatch(typed) or _GROUPED.fullmatch(typed)):
        return None
    digits = re.sub(r"[^0-9]", "", typed)
    return min(int(digits[: len(str(MOST)) + 1]), MOST + 1)


def _percents(typed: str) -> tuple[int, ...]:
    """Percents in any usual writing; ``(0,)``, which no quota takes, for what is none."""
    if typed.strip() in _NEVER:
        return ()
    words = re.split(r"[,;%\s]+", typed.strip(" ,;%"))
    good = all(re.fullmatch(r"[0-9]{1,3}", one) for one in words)
    return tuple(map(int, words)) if good else (0,)


def _are_percents(warn_at: tuple[int, ...]) -> bool:
    return all(1 <= one <= 100 for one in warn_at) and len(set(warn_at)) == len(warn_at)


def _refusal(word: str, written: Written | None, feature: Feature) -> str:
    template = _TAKES[feature.kind]
    if feature.kind in (FeatureKind.NUMBER, FeatureKind.QUOTA) and written is not None:
        if type(written.value) is int and written.value > MOST:
            template = _TOO_MANY
        elif feature.kind is FeatureKind.QUOTA and not _are_percents(written.warn_at):
            template = _PERCENTS
    return phrase(
        template,
        word=printable(" ".join(word.split()), LONGEST_SHOWN),
        feature=phrase(feature.title),
        choices=", ".join(feature.choices),
        most=MOST,
    )
