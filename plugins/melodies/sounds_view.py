"""The library: an account's own sounds, to upload, hear, rename and delete."""

from __future__ import annotations

from typing import Any

from flask import flash
from flask_wtf.file import FileField
from markupsafe import Markup

from core import api
from core.api import BadInput, gettext, lazy_gettext
from plugins.melodies import library
from plugins.melodies.checking import LARGEST_BYTES, check
from plugins.melodies.models import SoundRow


class SoundsView(api.AccountView):
    """Own sounds; a sound that is used somewhere is not deleted."""

    roles_view = ("admin", "supervisor")
    plugin = "melodies"
    destination = "melodies"
    category = "Routing"
    can_view_details = False
    column_list = ("title", "seconds", "listen", "used", "added_at")
    column_labels = {
        "title": lazy_gettext("Title"),
        "text": lazy_gettext("What it says"),
        "seconds": lazy_gettext("Length"),
        "listen": lazy_gettext("Listen"),
        "used": lazy_gettext("Used by"),
        "added_at": lazy_gettext("Added"),
    }
    column_sortable_list = ("title", "seconds", "added_at")
    column_default_sort = "title"
    column_searchable_list = ("title", "text")
    column_formatters = {
        "seconds": lambda view, context, row, name: length(row.seconds),
        "listen": lambda view, context, row, name: player(view, row),
        "used": lambda view, context, row, name: ", ".join(view.uses_of(row)),
    }
    form_columns = ("title", "text", "file")
    form_args = {
        "text": {
            "description": lazy_gettext(
                "Said to callers if the provider cannot fetch the sound, and shown in traces."
            ),
        },
    }
    form_widget_args = {"text": {"rows": 3}}
    empty_text = lazy_gettext("No own sounds yet.")
    empty_hint = lazy_gettext("Upload an mp3 of at most 2 MB and 10 minutes, best in mono.")
    delete_hint = lazy_gettext("Its file goes with it.")

    def __init__(self) -> None:
        super().__init__(
            SoundRow, lazy_gettext("Sounds"), endpoint="melodies_sounds", url="/melodies/sounds"
        )

    def scaffold_form(self) -> Any:
        """The columns that people fill in, and the file."""
        form = super().scaffold_form()
        form.file = FileField(
            lazy_gettext("File"),
            description=lazy_gettext("mp3, at most 2 MB and 10 minutes, best in mono."),
        )
        return form

    def edit_form(self, obj: Any = None) -> Any:
        """A file may stay as it is."""
        form = super().edit_form(obj)
        form.file.description = gettext("Choose a file only to put it in the place of this sound.")
        return form

    def create_form(self, obj: Any = None) -> Any:
        """Without a title, the file's name is the title."""
        form = super().create_form(obj)
        form.title.validators = []
        form.title.flags.required = False
        form.title.description = gettext("Empty: the name of the file.")
        return form

    def create_model(self, form: Any) -> Any:
        """Check the file before anything is written: calls must not wait for it."""
        return self._checks(form, is_created=True) and super().create_model(form)

    def update_model(self, form: Any, model: SoundRow) -> bool:
        """A replaced file goes when nobody has it any more."""
        before = model.digest
        saved = self._checks(form, is_created=False) and super().update_model(form, model)
        if saved and model.digest != before:
            library.forget(before)
        return saved

    def on_model_change(self, form: Any, model: SoundRow, is_created: bool) -> None:
        """Put the file on the shelf."""
        if form.checked:
            library.fill(model, form.checked)
        if is_created:
            model.added_at = api.now()
            model.title = model.title or library.free_title(
                api.current_member().account, library.stem(form.file.data.filename)
            )

    def _checks(self, form: Any, *, is_created: bool) -> bool:
        """Whether the file can be taken; else its field says why not."""
        file, form.checked = form.file.data, None
        try:
            if file:
                form.checked = check(file.read(LARGEST_BYTES + 1))
            elif is_created:
                raise BadInput(gettext("Choose an mp3 file first."))
        except BadInput as error:
            form.file.errors = [*form.file.errors, error.message]
            return False
        for warning in form.checked.warnings if form.checked else ():
            flash(warning, "warning")
        return True

    def after_model_delete(self, model: SoundRow) -> None:
        """The file goes after its row."""
        library.forget(model.digest)


def length(seconds: float) -> str:
    """A length as a player shows it: 1:05."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def player(view: Any, row: SoundRow) -> Markup:
    """An audio element of a sound."""
    address = view.get_url("listen.sound", key=f"melodies:{row.id}")
    return Markup('<audio class="mw-100" controls preload="none" src="{}"></audio>').format(address)
