"""How pages say the cells of the plan matrix: short in the grid, in full for who listens to it."""

from __future__ import annotations

from flask import Flask, g
from flask_babel import format_decimal, gettext
from markupsafe import Markup

from core.contract.features import FeatureKind
from core.contract.texts import N_
from core.plans.decision import DEFAULT_WARN_AT
from core.plans.file.changes import Change, MovePlan, RemovePlan, SetCell
from core.plans.file.plan import Grant
from core.plans.file.typed import cell_text
from core.plans.file.written import OwnPlan, Written
from core.plans.matrix import NO, YES
from core.plans.revisions.mirror import BY_HAND
from core.plans.revisions.revisions import Entry
from core.web.format import tr
from core.web.host import host
from core.web.matrix.desk import Desk
from core.web.matrix.grid import Cell, counted
from core.web.words import feature

KINDS = {
    FeatureKind.SWITCH: N_("on or off"),
    FeatureKind.NUMBER: N_("a number"),
    FeatureKind.CHOICE: N_("a choice"),
    FeatureKind.QUOTA: N_("per month"),
    FeatureKind.METERED: N_("paid by use"),
}

SOURCES = {
    "web": N_("in the web"),
    "file": N_("in the file"),
    "command": N_("by command"),
    "api": N_("through the API"),
}

OF_THE_FILE = (N_("edited by hand"), N_("taken from the file at the first start"))
"""What the mirror says of an edit of the file."""


def short(value: Grant | Written | None) -> str:
    """A value as the grid shows it: ✓, –, a count, a word."""
    plain = value.value if isinstance(value, Written) else value
    if plain is None or isinstance(plain, bool):
        return YES if plain else NO
    return format_decimal(plain) if isinstance(plain, int) else tr(plain)


def spoken(value: Grant | Written | None) -> str:
    """A value as it is read aloud."""
    plain = value.value if isinstance(value, Written) else value
    if plain is None or isinstance(plain, bool):
        return gettext("in the plan") if plain else gettext("not in the plan")
    return short(plain)


def html(value: Written | None) -> Markup:
    """A value for eyes and ears; made once per page, since a grid has it a thousand times."""
    said = g.setdefault("said_grants", {})
    if value not in said:
        shape = Markup('<span aria-hidden="true">{}</span><span class="sr-only">{}</span>')
        said[value] = shape.format(short(value), spoken(value))
    return said[value]


def from_html(title: str) -> Markup:
    """The mark of what is inherited from a plan."""
    shape = Markup(
        '<small class="from"><span aria-hidden="true">↰</span>'
        '<span class="sr-only">{}</span> {}</small>'
    )
    marks = g.setdefault("inherited_marks", {})
    if title not in marks:
        marks[title] = shape.format(gettext("inherited from"), title)
    return marks[title]


def percents(written: Written) -> str:
    """The percents at which a quota warns, as ``80, 100 %``."""
    if not written.warn_at:
        return gettext("no warning")
    return f"{', '.join(map(str, written.warn_at))}\N{NO-BREAK SPACE}%"


def in_full(written: Written | None, feature: str) -> str:
    """A value as lists of changes show it, with warnings that are not the usual ones."""
    declared = host().registry.features.get(feature)
    usual = written is None or written.warn_at == DEFAULT_WARN_AT
    if usual or declared is None or not counted(declared, written):
        return spoken(written)
    return gettext("%(limit)s (warns at %(at)s)", limit=short(written), at=percents(written))


def says(written: Written | None, feature: str) -> str:
    """What a plan itself says: a value, or that it inherits."""
    return gettext("inherits") if written is None else in_full(written, feature)


def kind(feature_kind: FeatureKind) -> str:
    """What kind of feature it is."""
    return gettext(KINDS[feature_kind])


def source(word: str) -> str:
    """Where a revision was published."""
    return gettext(SOURCES[word]) if word in SOURCES else word


def author(entry: Entry) -> str:
    """Who published a revision."""
    return gettext("the file") if entry.source == BY_HAND else entry.author or "–"


def message(entry: Entry) -> str:
    """Why a revision was published; of an edit of the file, what is known of it."""
    return tr(entry.message) if entry.source == BY_HAND else entry.message or "–"


def was(cell: Cell) -> str:
    """What stood in a cell before the draft; "" when it is as it was."""
    if not (cell.changed or cell.follows):
        return ""
    words = in_full(cell.before.value, cell.feature)
    if cell.changed and cell.before.source:
        words = gettext("%(value)s, inherited", value=words)
    return gettext("was: %(before)s", before=words)


def was_short(cell: Cell) -> str:
    """The same for the narrow cells of the grid."""
    before = cell.before.value
    if before is not None and before.warn_at != DEFAULT_WARN_AT:
        return gettext("was: %(before)s", before=f"{short(before)}, {percents(before)}")
    return gettext("was: %(before)s", before=short(before))


def target(change: Change, work: Desk) -> str:
    """What a change is about: a cell, a plan, or its place."""
    if isinstance(change, SetCell):
        return f"{feature(change.feature)}, {work.plan_title(change.plan)}"
    if isinstance(change, MovePlan):
        return gettext("The place of the plan %(plan)s", plan=work.plan_title(change.key))
    return target_plan(change, work)


def target_plan(change: Change, work: Desk) -> str:
    """The plan that a change, or one of its cells, is about."""
    key = change.plan if isinstance(change, SetCell) else change.key
    return gettext("The plan %(plan)s", plan=work.plan_title(key))


def plan_in_words(plan: OwnPlan | None, work: Desk) -> str:
    """A plan without its cells."""
    if plan is None:
        return gettext("no such plan")
    if plan.extends:
        above = work.plan_title(plan.extends)
        return gettext("“%(title)s”, extends %(plan)s", title=plan.title, plan=above)
    return gettext("“%(title)s”, extends no other plan", title=plan.title)


def behind(key: str, work: Desk) -> str:
    """A place among the plans: behind another one, or first."""
    return gettext("behind %(plan)s", plan=work.plan_title(key)) if key else gettext("first of all")


def in_words(change: Change, work: Desk) -> str:
    """A change in a line."""
    about = target(change, work)
    if isinstance(change, SetCell):
        return f"{about}: {says(change.written, change.feature)}"
    if isinstance(change, RemovePlan):
        return gettext("%(about)s goes", about=about)
    if isinstance(change, MovePlan):
        return f"{about}: {behind(change.after, work)}"
    return f"{about}: {plan_in_words(OwnPlan(change.title, change.extends, {}), work)}"


def copied(value: Written | None) -> str:
    """What a cell puts on the clipboard: what is seen of it; what nobody says is false."""
    return cell_text(value or Written(False))


def settled_revision() -> int:
    """The number of the revision that the file on disk should hold."""
    return host().book.settled().number


def add(app: Flask) -> None:
    """Give templates these words."""
    app.jinja_env.globals.update(settled_revision=settled_revision)
    app.jinja_env.filters.update(
        grant=short,
        grant_html=html,
        from_html=from_html,
        grant_spoken=spoken,
        grant_in_full=in_full,
        plan_says=says,
        percents=percents,
        feature_kind=kind,
        counts=counted,
        cell_was=was,
        cell_was_short=was_short,
        cell_text=copied,
        own_text=cell_text,
        plan_change=in_words,
        plan_source=source,
        plan_author=author,
        plan_message=message,
    )
