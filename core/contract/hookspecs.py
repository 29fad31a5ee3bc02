"""The hooks: Centralino's table of contents. Read top to bottom, it is the life of a call.

Four kinds, told apart by name:

* ``register_things()``: once at start, for every installed plugin, whatever any plan says.
* a **question** (present tense) stops at the first answer that is not None.
* a **contribution** (``offer_…``, ``describe_…``, ``check_…``, ``find_…``, ``count_…``) joins all
  answers.
* a **notice** (past tense) returns nothing and runs in a savepoint of its own.

On the path of a call only the plugins that the account's plan includes and the admin switched on
are asked, in the order of their routing stages, then by name. ``settings`` is always the
*effective* profile of the asked plugin for the line: an object with one attribute per field of its
schema (None for a plugin without settings). A hook implementation takes any subset of the
arguments, by name.

What happens if you raise, answer something else than promised, or take too long, is the same
everywhere: the answer counts as None, the trace and the admin name your plugin, the next plugin is
asked; after three faults within a minute your plugin is left out for 30 seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import click
import pluggy

from core.contract.call import Account, Call, Client, Line
from core.contract.events import Result
from core.contract.flow import FlowNode
from core.contract.plugin import (
    Alert,
    Badge,
    GatewayKind,
    Job,
    Offer,
    Panel,
    Plugin,
    Problem,
)
from core.contract.sounds import SoundFile
from core.contract.steps import Destination, Say, Sound, Step, TalkTerms, Tone

HOOK_API = 1
"""Version of this file; a plugin names the one it was written for."""

hookspec = pluggy.HookspecMarker("centralino")
hookimpl = pluggy.HookimplMarker("centralino")


# --- At start ---------------------------------------------------------------------------------


@hookspec
def register_plugin() -> Plugin:
    """Say who you are: name, features, settings schema, stages, destinations.

    When: first of all, once. Return: one ``Plugin``. None: not allowed. Order: none.
    """


@hookspec
def register_tables() -> Iterable[type]:
    """Name your tables, so that they are bound to the database and found by migrations.

    When: once, before the database is opened. Return: subclasses of ``api.Table``; their names
    must begin with your plugin's name. None: no tables.
    """


@hookspec
def register_gateways() -> Iterable[GatewayKind]:
    """Name the protocols you speak.

    When: once. Return: ``GatewayKind`` objects. None: you are not a gateway.
    """


@hookspec
def register_views() -> Iterable[Any]:
    """Hand over your admin views, built on ``api.AccountView`` or ``api.AdminPage``.

    When: once, while the admin is wired; a view hides itself from accounts whose plan lacks your
    plugin. Return: view objects whose endpoints begin with your plugin's name. None: no views.
    """


@hookspec
def register_blueprints() -> Iterable[Any]:
    """Hand over Flask blueprints for webhooks and API routes, named after your plugin.

    When: once. Return: ``flask.Blueprint`` objects. None: no routes.
    """


@hookspec
def register_api() -> Iterable[Any]:
    """Hand over routes of the REST interface, for the account's own programs.

    When: once, while the interface is wired. They stand under ``/api/`` beside the core's, with the
    same keys, roles, errors and document; a route names the ``feature`` without which it is closed.
    Return: ``api.Routes`` objects. None: no routes.
    """


@hookspec
def register_jobs() -> Iterable[Job]:
    """Name your slow or repeated work.

    When: once, in the jobs process. Return: ``Job`` objects. None: no jobs.
    """


@hookspec
def register_commands() -> Iterable[click.Command]:
    """Hand over commands, to stand beside the core's under ``centralino``.

    When: once, in a process that was started for a command the core does not have, or to list them.
    Return: one ``click`` command or group, named after your plugin; what it does at run time it
    finds with ``api.switchboard()``. None: no commands.
    """


# --- A call arrives ---------------------------------------------------------------------------


@hookspec(firstresult=True)
def identify_caller(call: Call, settings: Any) -> Client | None:
    """Say who the caller is (C1). A question.

    When: once, as the call arrives, before routing; budget 800 ms, later answers are attached to
    the call afterwards. Not asked for withheld numbers. Return: a ``Client``. None: not known here.
    """


@hookspec(firstresult=True)
def route_call(call: Call, stage: str, settings: Any) -> Step | None:
    """Say what to do with the call at a stage of the routing order (R). A question.

    When: at each of your own stages, in their order, until a plugin answers; again at later stages
    when the earlier step ended without an answer. Return: a step. None: nothing here, next stage.
    """


@hookspec(firstresult=True)
def connect_call(call: Call, destination: Destination, settings: Any) -> Step | None:
    """Take the call to a destination of a kind you offer. A question, to the offering plugin only.

    When: a step of another plugin was ``Connect``. Return: a step; ``Nowhere`` where the caller
    dialled what there is not. None: nobody can be reached there. Either way the other plugin is
    told ``not-connected``.
    """


@hookspec(firstresult=True)
def continue_call(
    call: Call, result: Result, state: Mapping[str, Any], settings: Any
) -> Step | TalkTerms | None:
    """Go on after your step's result. A question, to the owner of the step only.

    When: a step you returned has ended without ending the call. ``state`` is what you attached to
    it. Return: the next step. None: you are done; the call returns to whoever connected you, else
    to the next stage.
    """


@hookspec
def find_absent(call: Call, settings: Any) -> Mapping[int, str] | None:
    """Say which employees do not work now, and why (R7). A contribution.

    When: at most once per event, as soon as a plugin wants to know whether somebody can be rung.
    Asked of every plugin that the account's plan includes, also where this number has it switched
    off: who is absent is absent from all numbers. Return: why, by the id of the employee, in a few
    words of English: ``not started``, ``on a break``. None: nobody.
    """


@hookspec(firstresult=True)
def find_tone(call: Call, tone: Tone, settings: Any) -> Sound | Say | None:
    """Say which sound stands for a melody on this number (M2). A question.

    When: a step or terms that hold a ``Tone`` are about to be carried out. Return: the sound, or a
    text to be spoken. None: not known here; if nobody knows, the tone's own text is spoken.
    """


# --- People talk ------------------------------------------------------------------------------


@hookspec
def prepare_talk(call: Call, settings: Any) -> TalkTerms | None:
    """Say on what terms a conversation may start: recording, notice, consent. A contribution.

    When: once per call, before the first human is rung. Return: ``TalkTerms``. None: no terms.
    Order: the first terms whose quota unit is granted hold.
    """


@hookspec(firstresult=True)
def follow_talk(call: Call, settings: Any) -> Step | None:
    """Say what follows when the operator has hung up and the caller is still there (Q6).
    A question.

    When: after an answered conversation (``call.talk``), with the caller on the line. Return: a
    step. None: the call is hung up.
    """


# --- Afterwards -------------------------------------------------------------------------------


@hookspec
def call_ended(call: Call, settings: Any) -> None:
    """The call is over; ``call.outcome`` and ``call.talk`` are final. A notice.

    When: once per call. You may write your own tables; no outside work here (use a job).
    """


@hookspec
def recording_stored(call: Call, recording: Any, settings: Any) -> None:
    """A recording or a voicemail message is in the storage folder. A notice, from the jobs process.

    When: once per recording; ``recording`` has ``id``, ``kind``, ``seconds`` and ``recipient``.
    """


# --- Admin pages ------------------------------------------------------------------------------


@hookspec
def offer_destinations(account: Account) -> Iterable[Offer]:
    """List the destinations of your kinds that an admin may choose. A contribution.

    When: a form or a check needs them. Return: ``Offer`` objects. None: none.
    """


@hookspec
def offer_sounds(account: Account) -> Iterable[Offer]:
    """List the sounds of the account that an admin may choose. A contribution.

    When: a form needs them. Return: ``Offer`` objects; ``value`` is the key of a ``Sound``. None:
    none.
    """


@hookspec(firstresult=True)
def find_sound(account: Account, sound: Sound) -> SoundFile | None:
    """Find the files of a sound. A question, of all installed plugins.

    When: a gateway plays it, or somebody listens. Return: a ``SoundFile``. None: not one of yours,
    or gone.
    """


@hookspec(firstresult=True)
def speak_text(text: str, language: str) -> bytes | None:
    """Speak a text, so that an admin hears a prompt before callers do. A question.

    When: somebody listens to a prompt that is a text. ``language`` is a BCP 47 tag. Return: a WAV
    file. None: you cannot speak this language.
    """


@hookspec(firstresult=True)
def describe_stage(account: Account, line: Line, stage: str, settings: Any) -> FlowNode | None:
    """Draw what you do at one of your own stages for a number (R). A question, to you only.

    When: a page shows the number's way, whatever the plan says. Return: one ``FlowNode``. None:
    nothing happens there for this number.
    """


@hookspec(firstresult=True)
def describe_destination(
    account: Account, line: Line, destination: Destination, settings: Any
) -> FlowNode | None:
    """Draw a destination that you offer. A question, to you only.

    When: an exit of a box leads there. Return: one ``FlowNode``. None: it does not exist any more.
    """


@hookspec
def find_uses(account: Account, destination: Destination) -> Iterable[str]:
    """Name what in your tables leads to a destination. A contribution.

    When: before something is deleted. Return: short names ("key 2 of menu Main"). None: no use.
    Uses in settings are found by the core.
    """


@hookspec
def count_use(feature: str, more_than: int, account: int | None) -> Mapping[int, int] | None:
    """Count how much accounts use of a number feature that you declare. A contribution, of the
    declaring plugin only.

    When: a plan's limit is about to be lowered, whatever any plan says: the review tells who is
    above the new one. Return: how much is used, by account id, of all accounts or only of
    ``account``; those that use ``more_than`` or less are left out. Count them in one query: there
    may be a hundred thousand. None: you cannot count this feature, and the review says so; the
    same if you raise.
    """


@hookspec
def check_settings(account: Account, line: Line, settings: Any) -> Iterable[Problem]:
    """Check what a schema alone cannot: targets that exist, own number as target. A contribution.

    When: settings of *your* plugin are saved. Return: ``Problem`` objects. None: all well (N5).
    """


@hookspec
def describe_line(account: Account, line: Line, at: datetime, settings: Any) -> Iterable[Badge]:
    """Say in a few words how a number stands at an instant: open, closed, why. A contribution.

    When: the list of numbers is shown; asked of the plugins that are in the plan and on for the
    number. Return: ``Badge`` objects. None: nothing to say.
    """


@hookspec
def find_alerts(account: Account, at: datetime) -> Iterable[Alert]:
    """Say what an admin should look at before calls suffer from it: a list of dates that runs out,
    a calendar that cannot be read (W2). A contribution.

    When: every page of an admin counts them in its head and the start page lists them; asked of the
    plugins that are in the plan and not switched off, so read little. Return: ``Alert`` objects.
    None: all well.
    """


@hookspec
def describe_call(call: Call, settings: Any) -> Iterable[Panel]:
    """Add boxes to the page of a call: the card, the rating. A contribution.

    When: the page is opened. Return: ``Panel`` objects. None: nothing to show.
    """


@hookspec
def demo_company_created(account: Account, company: Any) -> None:
    """A demo company was made; fill your own tables with something believable. A notice.

    When: ``centralino demo``, once per company. ``company`` is the description it was made from.
    """
