"""The pages of menus: the list of trees, and the tree of one of them, edited in place (R4)."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request
from flask_admin import expose

from core import api
from core.api import BadInput, Conflict, gettext, lazy_gettext
from plugins.ivr import edits, plain
from plugins.ivr.desk import Desk
from plugins.ivr.drawing import OpenForm, node_id, open_form
from plugins.ivr.editing import Refused
from plugins.ivr.files import TreeFiles
from plugins.ivr.forms import edit_of, new_menu, typed_form, wrong_on
from plugins.ivr.menu_schemas import LANGUAGES
from plugins.ivr.menus import ID_DIGITS, KEYS, Menus
from plugins.ivr.overview import overview
from plugins.ivr.places import ACTIONS
from plugins.ivr.tree import path


class MenusPage(TreeFiles, api.AdminPage):
    """The menus of the account."""

    plugin = "ivr"
    category = "Routing"
    locked_template = "ivr/locked.html"

    def __init__(self) -> None:
        super().__init__(lazy_gettext("Menus"), endpoint="ivr_menus", url="/ivr_menus")

    @expose("/")
    def index(self) -> str:
        """All trees: what they are called, how deep they are, which numbers have them."""
        desk = Desk()
        return self.render("ivr/list.html", desk=desk, trees=overview(desk))

    @expose("/new", methods=("GET", "POST"))
    def new(self) -> Any:
        """A new tree, of one menu so far."""
        form = OpenForm("new", 0, "", {"name": "", "prompt": ""})
        if request.method == "GET":
            return self.render("ivr/new.html", form=form)
        desk = Desk()
        form.values = {name: request.form.get(name, "") for name in form.values}
        try:
            menu = new_menu(**form.values)
            with api.rehearsed():
                after = desk.editing.save(lambda known: edits.add_menu(known, menu)[0])
        except BadInput as error:
            faults = getattr(error, "faults", [])
            form.wrong = {one.part: one.sentence for one in faults} or problems(error)
            return self.render("ivr/new.html", form=form), error.status
        (id,) = set(after) - set(desk.menus)
        flash(gettext("Menu %(menu)s is there. Now add its keys.", menu=menu.name), "success")
        return redirect(self.get_url(".tree", id=id, open="add", menu=id))

    @expose("/tree/<int:id>")
    def tree(self, id: int) -> Any:
        """The tree of a menu, with one form open in it, if the address says so."""
        desk = Desk()
        asked = request.args.get
        known = desk.menus
        self._there(known, id)
        menu = _id(asked("menu", ""))
        form = open_form(known, asked("open", ""), menu, asked("key", "")) if menu else None
        return self._tree(desk, id, form)

    @expose("/menu/<int:id>", methods=("POST",))
    def edit(self, id: int) -> Any:
        """One form of a menu: its own fields, a failure, a key that is new, changed or moved."""
        desk = Desk()
        self._there(desk.menus, id)
        form = typed_form(request.form.get("do", ""), id, request.form)
        try:
            edit = edit_of(form, desk.account.country)
            with api.rehearsed():
                after = desk.editing.save(edit, request.form.get("seen", ""))
        except (BadInput, Conflict) as error:
            form.wrong = problems(error)
            if isinstance(error, Refused):
                form.wrong = wrong_on(form, error.faults)
            return self._refused(form, error)
        return self._edited(desk, form, after)

    @expose("/menu/<int:id>/delete", methods=("GET", "POST"))
    def delete(self, id: int) -> Any:
        """Ask, naming what would be lost; then delete a key, or a menu with all below it."""
        desk = Desk()
        menu = self._there(desk.menus, id)
        key = request.values.get("key", "")
        if key and key not in menu.keys:
            abort(404)
        lost = desk.lost(id, key)
        wrong = ""
        if request.method == "POST":
            below = request.form.get("below") != "keep"
            gone = [one.id for one in lost.menus] if below else []
            try:
                with api.rehearsed():
                    desk.editing.save(lambda known: _without(known, id, key, gone),
                                      request.form.get("seen", ""))  # fmt: skip
                return self._gone(desk, id, key)
            except (BadInput, Conflict) as error:
                wrong, desk = error.message, Desk()
        page = self.render(
            "ivr/delete.html",
            desk=desk,
            menu=menu,
            key=key,
            lost=lost,
            wrong=wrong,
            top=path(desk.menus, id)[0] if id in desk.menus else None,
            seen=plain.seen(desk.menus, [id, *(one.id for one in lost.menus)]),
        )
        return (page, 409) if wrong else page

    @expose("/undo", methods=("POST",))
    def undo(self) -> Any:
        """Take one's last edit back."""
        return self._turn("undo", gettext("Undone"))

    @expose("/redo", methods=("POST",))
    def redo(self) -> Any:
        """Make one's last undone edit again."""
        return self._turn("redo", gettext("Done again"))

    def _turn(self, way: str, said: str) -> Any:
        editing = Desk().editing
        try:
            with api.rehearsed():
                what = getattr(editing, way)()
            flash(f"{said}: {'; '.join(what)}.", "success")
        except (BadInput, Conflict) as error:
            flash(error.message, "error")
        known = Desk().menus
        tree = _id(request.form.get("tree", ""))
        if tree in known:
            return redirect(self.get_url(".tree", id=path(known, tree)[0].id))
        return redirect(self.get_url(".index"))

    # --- Without the plan (N3) ---

    def desk(self) -> Desk:
        """The menus as they are stored: they are kept, whatever the plan says."""
        return Desk()

    def plan_with(self, decision: Any) -> str:
        """The title of the first plan that has the page; "" when none has, or the plan is not why
        it is closed."""
        return "" if decision.reason == "plugin-off" else api.cheapest(decision.feature)

    # --- Answers ---

    def _tree(self, desk: Desk, id: int, form: OpenForm | None) -> Any:
        known = desk.menus
        if id not in known:
            return self.render("ivr/list.html", desk=desk, trees=overview(desk))
        top = path(known, id)[0]
        return self.render(
            "ivr/tree.html",
            desk=desk,
            top=top,
            box=desk.drawing.tree(top.id),
            form=form,
            at=request.args.get("at", ""),
            keys=KEYS,
            languages=LANGUAGES,
            node_id=node_id,
            speaks=api.speaks(),
            actions=ACTIONS,
        )

    def _refused(self, form: OpenForm, error: BadInput | Conflict) -> Any:
        """The form again with what was typed, if what it is about is still there."""
        desk = Desk()
        menu = desk.menus.get(form.menu)
        if menu is None or (form.key and form.key not in menu.keys):
            flash(error.message, "error")
            return self._tree(desk, form.menu, None), error.status
        return self._tree(desk, form.menu, form), error.status

    def _edited(self, desk: Desk, form: OpenForm, after: Menus) -> Any:
        """Back to the drawing, where it was edited; a new menu asks for its keys."""
        last = desk.editing.last()
        what = desk.editing.what(last) if last and after != desk.menus else []
        if what:
            flash(gettext("Saved: %(what)s.", what="; ".join(what)), "success")
        new = sorted(set(after) - set(desk.menus))
        if new:
            return self._to(after, new[0], node_id(new[0]), open="add", menu=new[0])
        if form.kind == "move":
            to = int(form.values["menu"])
            return self._to(after, to, node_id(to))
        part = f"key {form.values['key']}" if form.kind in ("key", "add") else ""
        return self._to(after, form.menu, node_id(form.menu, part))

    def _to(self, known: Menus, id: int, node: str, **more: Any) -> Any:
        top = path(known, id)[0].id
        return redirect(self.get_url(".tree", id=top, at=node, _anchor=node, **more))

    def _gone(self, desk: Desk, id: int, key: str) -> Any:
        last = desk.editing.last()
        if last is not None:
            what = "; ".join(desk.editing.what(last))
            flash(gettext("Saved: %(what)s.", what=what), "success")
        after = Desk().menus
        stays = id if key else getattr(desk.drawing.tree(id).above, "id", None)
        if stays not in after:
            return redirect(self.get_url(".index"))
        return self._to(after, stays, node_id(stays))

    def _there(self, known: Menus, id: int) -> Any:
        return known.get(id) or abort(404)


def problems(error: BadInput | Conflict) -> dict[str, str]:
    """A sentence per field; under "" what belongs to none."""
    return dict(getattr(error, "fields", None) or {"": error.message})


def _id(text: str) -> int:
    """A menu's id as somebody sent it; 0 when it is none."""
    return int(text) if text.isdecimal() and len(text) <= ID_DIGITS else 0


def _without(known: Menus, id: int, key: str, gone: list[int]) -> Menus:
    rest = edits.drop_key(known, id, key) if key else known
    return edits.drop_menus(rest, gone)


def views() -> list[Any]:
    """The pages of this plugin."""
    return [MenusPage()]
