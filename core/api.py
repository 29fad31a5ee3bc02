"""All that a plugin may import of Centralino. One list, held exact by a test."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext, ngettext

from core.calls.availability import (
    NEVER,
    LastOffer,
    last_offers,
    own_phones,
    ring_target,
    why_unavailable,
)
from core.calls.downloading import WAIT_SECONDS as RECORDING_WAIT_SECONDS
from core.calls.downloading import Download
from core.calls.fetching import write_whole
from core.calls.guard import refusal as dial_refusal
from core.calls.open_calls import OpenCall
from core.calls.order import Answer, Leg, Order
from core.calls.tables import CallEventRow, CallRow, LegRow, RecordingRow
from core.calls.telephone import as_telephone, telephone_wav
from core.contract.call import (
    Account,
    Call,
    Client,
    Direction,
    Employee,
    Line,
    LineKind,
    Outcome,
    Talk,
)
from core.contract.errors import (
    BadInput,
    CentralinoError,
    Conflict,
    NotAllowed,
    NotFound,
    OutcomesChanged,
    PlanDenied,
    StoreUnavailable,
    WebhookRefused,
)
from core.contract.events import (
    CallArrived,
    CallDialled,
    CallEnded,
    Event,
    LegChanged,
    RecordingChanged,
    Result,
    ResultKind,
    RingOutcome,
    StepEnded,
    TalkHandedOver,
)
from core.contract.features import Feature, FeatureKind
from core.contract.flow import END, NEXT, Exit, FlowNode
from core.contract.hookspecs import hookimpl
from core.contract.plugin import (
    Alert,
    Badge,
    DestinationKind,
    GatewayKind,
    Job,
    Offer,
    Panel,
    Plugin,
    Problem,
    Section,
    Stage,
)
from core.contract.sentences import ACCEPT, APOLOGY, REFUSAL, sentence
from core.contract.settings import Settings, setting
from core.contract.sounds import SoundFile
from core.contract.steps import (
    TONES,
    Connect,
    Destination,
    Gather,
    Hangup,
    Nowhere,
    Phone,
    Play,
    Prompt,
    Prompts,
    Reject,
    Ring,
    Say,
    Sip,
    Sound,
    Step,
    TakeMessage,
    TalkTerms,
    Target,
    Tone,
    Wait,
)
from core.contract.texts import N_, joined, phrase
from core.store.accounts import AccountRow
from core.store.audit import author_of
from core.store.audit import note as audit_note
from core.store.directory import employees
from core.store.folders import data_folder
from core.store.lines import GatewayRow, LineProfile, LineRow
from core.store.people import EmployeeRow
from core.store.profiles import save_profile, stored_profile
from core.store.snapshot import snapshot
from core.store.table import InstantField, JsonField, Table
from core.switchboard import Switchboard, switchboard
from core.web.absences import absent_now
from core.web.access import ask as gate_ask
from core.web.api.routes import Routes
from core.web.api.schemas import Answer as AnswerSchema
from core.web.base_view import AccountView, AdminPage
from core.web.card.sheet import cheapest
from core.web.export import cell as csv_cell
from core.web.format import instant, spaced
from core.web.host import now
from core.web.member import Member, current_member
from core.web.offers import kind_title, offers, sound_offers
from core.web.phones import PhoneNumber, e164
from core.web.recordings import send_recording
from core.web.rehearsing import rehearsed
from core.web.sounds import send_public_sound, send_sound, sound_file, sound_token, speaks
from core.web.uses import leading_to
from core.web.webhooks import deliver
from core.web.words import said as trace_said
from core.web.words import say, why

__all__ = [
    "ACCEPT",
    "APOLOGY",
    "Account",
    "AccountRow",
    "AccountView",
    "AdminPage",
    "Alert",
    "Answer",
    "AnswerSchema",
    "BadInput",
    "Badge",
    "Call",
    "CallArrived",
    "CallDialled",
    "CallEnded",
    "CallEventRow",
    "CallRow",
    "CentralinoError",
    "Client",
    "Conflict",
    "Connect",
    "Destination",
    "DestinationKind",
    "Direction",
    "Download",
    "END",
    "Employee",
    "EmployeeRow",
    "Event",
    "Exit",
    "Feature",
    "FeatureKind",
    "FlowNode",
    "GatewayKind",
    "GatewayRow",
    "Gather",
    "Hangup",
    "InstantField",
    "Job",
    "JsonField",
    "LastOffer",
    "Leg",
    "LegChanged",
    "LegRow",
    "Line",
    "LineKind",
    "LineProfile",
    "LineRow",
    "Member",
    "NEVER",
    "NEXT",
    "N_",
    "NotAllowed",
    "NotFound",
    "Nowhere",
    "Offer",
    "OpenCall",
    "Order",
    "Outcome",
    "OutcomesChanged",
    "Panel",
    "Phone",
    "PhoneNumber",
    "PlanDenied",
    "Play",
    "Plugin",
    "Problem",
    "Prompt",
    "Prompts",
    "RECORDING_WAIT_SECONDS",
    "REFUSAL",
    "RecordingChanged",
    "RecordingRow",
    "Reject",
    "Result",
    "ResultKind",
    "Ring",
    "RingOutcome",
    "Routes",
    "Say",
    "Section",
    "Settings",
    "Sip",
    "Sound",
    "SoundFile",
    "Stage",
    "Step",
    "StepEnded",
    "StoreUnavailable",
    "Switchboard",
    "TONES",
    "Table",
    "TakeMessage",
    "Talk",
    "TalkHandedOver",
    "TalkTerms",
    "Target",
    "Tone",
    "Wait",
    "WebhookRefused",
    "absent_now",
    "as_telephone",
    "audit_note",
    "author_of",
    "cheapest",
    "csv_cell",
    "current_member",
    "data_folder",
    "deliver",
    "dial_refusal",
    "e164",
    "employees",
    "gate_ask",
    "gettext",
    "hookimpl",
    "instant",
    "joined",
    "kind_title",
    "last_offers",
    "lazy_gettext",
    "leading_to",
    "ngettext",
    "now",
    "offers",
    "own_phones",
    "phrase",
    "rehearsed",
    "ring_target",
    "save_profile",
    "say",
    "send_public_sound",
    "send_recording",
    "send_sound",
    "sentence",
    "setting",
    "snapshot",
    "sound_file",
    "sound_offers",
    "sound_token",
    "spaced",
    "speaks",
    "stored_profile",
    "switchboard",
    "telephone_wav",
    "trace_said",
    "why",
    "why_unavailable",
    "write_whole",
]
