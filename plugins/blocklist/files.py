"""The block list as a CSV file: written whole, read with a look at every bad row (R8)."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime

from core.api import Account, BadInput, LineRow, csv_cell, gettext
from plugins.blocklist.models import EntryRow, Gets
from plugins.blocklist.patterns import literal, read_pattern
from plugins.blocklist.refusing import own_numbers, refusal, width

COLUMNS = ("pattern", "number", "gets", "message", "reason", "until")
MOST_ROWS = 10_000

BATCH = 200
"""Rows in one statement; SQLite takes so many values and not many more."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that can be taken. ``line`` None: all numbers."""

    place: int
    pattern: str
    line: int | None
    gets: Gets
    message: str
    reason: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would add.

    Args:
        text: the file as it was read, to be sent again with the confirmation.
        good: the rows that can be taken.
        bad: (line of the file, what is wrong) of the others.
        known: how many stand in the list already, and stay as they are.
    """

    text: str
    good: tuple[Row, ...]
    bad: tuple[tuple[int, str], ...]
    known: int


def as_csv(account: Account) -> str:
    """All entries, the newest first."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    numbers = {line.id: line.number for line in LineRow.of(account)}
    for row in EntryRow.of(account).order_by(EntryRow.created_at.desc(), EntryRow.id.desc()):
        until = row.until.isoformat() if row.until else ""
        values = (
            row.pattern,
            numbers.get(row.line_id, ""),
            row.gets,
            row.message,
            row.reason,
            until,
        )
        writer.writerow([csv_cell(value) for value in values])
    return file.getvalue()


def preview(text: str, account: Account, at: datetime, *, meant: bool = False) -> Preview:
    """Look at a file; nothing is written.

    Args:
        text: CSV with a first row that names the columns; only ``pattern`` must be there.
        account: whose list.
        at: now; what has ended is not taken.
        meant: whether patterns that block whole countries are taken.

    Raises:
        BadInput: it is no such file, or it has too many rows.
    """
    text = _clean(text)
    rows = _rows(text)
    numbers = {line.number: line.id for line in LineRow.of(account)}
    known = {(row.pattern, row.line_id) for row in EntryRow.of(account)}
    own = own_numbers(account)
    good, bad, there = [], [], 0
    for place, values in rows:
        try:
            row = _read(place, values, account, numbers, own, at, meant=meant)
        except BadInput as error:
            bad.append((place, error.message))
            continue
        if (row.pattern, row.line) in known:
            there += 1
            continue
        known.add((row.pattern, row.line))
        good.append(row)
    return Preview(text, tuple(good), tuple(bad), there)


def write_rows(found: Preview, account: Account, author: str, at: datetime) -> int:
    """Add the good rows, in one transaction; returns how many."""
    rows = [
        EntryRow(
            account=account.id, line=row.line, pattern=row.pattern, gets=row.gets,
            message=row.message, reason=row.reason, until=row.until,
            author=author, created_at=at, prefix=literal(row.pattern),
        )
        for row in found.good
    ]  # fmt: skip
    with EntryRow._meta.database.atomic():  # in few statements: calls wait for its lock
        for row in rows[:1]:
            row.save()  # by the model: the account's configuration has changed
        EntryRow.bulk_create(rows[1:], BATCH)
    return len(found.good)


def _clean(text: str) -> str:
    """Other programs' line ends as ours, and no NUL: a file may have one, a form may not."""
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")


def _rows(text: str) -> list[tuple[int, dict[str, str]]]:
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in first else ",")
    try:
        return _named(reader)
    except csv.Error as error:
        raise BadInput(gettext("This is no CSV file: %(error)s.", error=error)) from error


def _named(reader: csv.DictReader) -> list[tuple[int, dict[str, str]]]:
    """The rows, by the names of their columns."""
    names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    if "pattern" not in names:
        raise BadInput(
            gettext(
                "The first row must name the columns: %(columns)s; “pattern” must be among them.",
                columns=", ".join(COLUMNS),
            )
        )
    reader.fieldnames = names
    rows = [(reader.line_num, values) for values in reader]
    if len(rows) > MOST_ROWS:
        raise BadInput(
            gettext(
                "The file has %(count)s rows; send at most %(most)s at a time.",
                count=len(rows),
                most=MOST_ROWS,
            )
        )
    return rows


def _read(
    place: int,
    values: dict[str, str],
    account: Account,
    numbers: dict[str, int],
    own: dict[str, str],
    at: datetime,
    *,
    meant: bool,
) -> Row:
    """One row as an entry; a leading ' is what spreadsheets put before a text."""
    said = {key: (values.get(key) or "").strip().removeprefix("'") for key in COLUMNS}
    pattern = read_pattern(said["pattern"], account.country)
    gets = said["gets"].lower() or Gets.REJECT
    if gets not in set(Gets):
        raise BadInput(
            gettext(
                "“%(typed)s” is nothing a caller can get: use %(known)s.",
                typed=said["gets"],
                known=", ".join(Gets),
            )
        )
    if said["number"] and said["number"] not in numbers:
        raise BadInput(gettext("“%(typed)s” is no number of yours.", typed=said["number"]))
    _check(account, pattern, Gets(gets), own, meant=meant)
    line = numbers.get(said["number"])
    until = _until(said["until"], account, at)
    return Row(
        place, pattern, line, Gets(gets), said["message"][:1000], said["reason"][:200], until
    )


def _check(account: Account, pattern: str, gets: Gets, own: dict[str, str], *, meant: bool) -> None:
    if gets is Gets.ALLOW:
        return
    why = refusal(account, pattern, own)
    wide = "" if meant else width(account, pattern, own)
    if why or wide:
        sentence = gettext(
            "“%(pattern)s” blocks %(wide)s. If you mean it, tick the box below and look again.",
            pattern=pattern,
            wide=wide,
        )
        raise BadInput(why or sentence)


def _until(typed: str, account: Account, at: datetime) -> datetime | None:
    if not typed:
        return None
    try:
        until = datetime.fromisoformat(typed)
        until = (until if until.tzinfo else until.replace(tzinfo=account.zone)).astimezone(UTC)
        until.astimezone(account.zone)  # the calendar's last day is no day on every clock
    except (ValueError, OverflowError):
        sentence = gettext("“%(typed)s” is no time; write 2026-11-30T18:00.", typed=typed[:30])
        raise BadInput(sentence) from None
    if until <= at:
        raise BadInput(gettext("“%(typed)s” is past: the entry would not block.", typed=typed[:30]))
    return until
