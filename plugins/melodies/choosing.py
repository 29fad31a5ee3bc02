"""What the page of melodies writes: which sound stands for a tone, and in which language the ready
ones are; for the account or for one number."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask import Request

from core import api
from core.api import BadInput, NotFound, gettext
from plugins.melodies import library, service
from plugins.melodies.checking import LARGEST_BYTES, Checked, check
from plugins.melodies.models import LanguageRow, SoundRow, ToneRow
from plugins.melodies.ready import TITLES
from plugins.melodies.schemas import LANGUAGE_NAMES, MelodiesSettings, field_of

GREATEST_ID = 2**63 - 1

HELPS = {
    name: MelodiesSettings().fields[field_of(name)].metadata["help"] for name in TITLES
}  # fmt: skip
"""When callers hear a melody, by its name."""


def line(id: int) -> api.LineRow:
    """A number of the member's account.

    Raises:
        NotFound: there is none with this id.
    """
    account = api.current_member().account
    found = api.LineRow.of(account).where(api.LineRow.id == min(id, GREATEST_ID)).first()
    if found is None:
        raise NotFound(gettext("There is no number %(id)s.", id=id))
    return found


def settings(line: api.LineRow) -> Any:
    """What a number says of its melodies; a stored value that is none is left out."""
    schema = MelodiesSettings()
    stored = api.stored_profile(line, "melodies")
    wrong = schema.validate(stored)
    return SimpleNamespace(**schema.load({k: v for k, v in stored.items() if k not in wrong}))


def chosen_for_account(account: api.Account, name: str) -> str:
    """The key of the account's own sound for a tone, or ""."""
    found = service.choices(account).tones.get(name)
    return found.key if found else ""


def chosen_language(account: api.Account, settings: Any) -> str:
    """What is chosen as language here; "" when nothing is."""
    return settings.language if settings else service.choices(account).language


def choose(line: api.LineRow | None, name: str, request: Request) -> list[str]:
    """Let a tone be the sound of the form: an uploaded file, else a chosen one, else the default.

    Args:
        line: the number; None: all numbers of the account.
        name: of the tone.
        request: the form, with ``file`` or ``sound``.

    Returns:
        Warnings about an uploaded file.

    Raises:
        BadInput: the file is no good, or there is no such sound.
    """
    account = api.current_member().account
    file = request.files.get("file")
    if "upload" in request.form and not (file and file.filename):
        raise BadInput(gettext("Choose an mp3 file first."))
    checked = check(file.read(LARGEST_BYTES + 1)) if file and file.filename else None
    with api.rehearsed(*([line] if line else [])):
        if checked:
            key = _upload(account, file.filename, checked)
        else:
            key = request.form.get("sound", "")
            if key and key not in {offer.value for offer in service.offers(account)}:
                raise BadInput(gettext("This sound does not exist any more; choose another."))
        if line:
            _store(line, field_of(name), key)
        else:
            _store_for_account(account, name, key)
    return list(checked.warnings) if checked else []


def set_language(line: api.LineRow | None, wanted: str) -> list[str]:
    """Say in which language the ready tones are; "" for the default.

    Raises:
        BadInput: they are not ready in this language.
    """
    if wanted and wanted not in LANGUAGE_NAMES:
        sentence = gettext(
            "There are no ready tones in “%(language)s”; choose one of %(known)s.",
            language=wanted,
            known=", ".join(gettext(name) for name in LANGUAGE_NAMES.values()),
        )
        raise BadInput(sentence)
    account = api.current_member().account
    with api.rehearsed(*([line] if line else [])):
        if line:
            _store(line, "language", wanted)
            return []
        row = LanguageRow.of(account).first() or LanguageRow(account=account.id)
        if wanted:
            row.language = wanted
            row.save()
        elif row.id:
            row.delete_instance()
    return []


def _upload(account: api.Account, filename: str, checked: Checked) -> str:
    """Put an uploaded file into the library; its key."""
    row = SoundRow(account=account.id, added_at=api.now())
    library.fill(row, checked)
    row.title = library.free_title(account, library.stem(filename))
    row.save()
    return f"melodies:{row.id}"


def _store(line: api.LineRow, field: str, value: str) -> None:
    stored = {key: one for key, one in api.stored_profile(line, "melodies").items() if key != field}
    if value:
        stored[field] = value
    api.save_profile(line, "melodies", values=stored)


def _store_for_account(account: api.Account, name: str, key: str) -> None:
    row = ToneRow.of(account).where(ToneRow.name == name).first()
    sound = service.choices(api.AccountRow.get_by_id(account.id).picture()).own(key)
    if key and sound is None:
        raise BadInput(gettext("This sound does not exist any more; choose another."))
    if sound is None:
        if row:
            row.delete_instance()
        return
    row = row or ToneRow(account=account.id, name=name)
    row.sound = sound.id
    row.save()
