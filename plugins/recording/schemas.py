"""What can be set of recording on a number."""

from __future__ import annotations

from marshmallow import fields
from marshmallow.validate import Length, OneOf, Regexp

from core.api import N_, Settings, lazy_gettext, setting
from plugins.recording.terms import NOTICE, OFF, OPT_IN, OPT_OUT


class RecordingSettings(Settings):
    """Whether calls are recorded, and what callers are told before (Q1, Q3)."""

    record_all = setting(
        fields.Boolean(load_default=False),
        N_("Record all calls"),
        N_(
            "Recording must agree with the law of your country and with the rules of your company:"
            " find out whether callers and employees must be told, or must agree, before you"
            " switch it on."
        ),
    )
    dual_channel = setting(
        fields.Boolean(load_default=True),
        N_("Each party on a channel of its own"),
        N_("Caller left, employee right; otherwise both on one channel."),
        feature="recording.dual_channel",
        fallback=False,
        when="record_all",
    )
    consent = setting(
        fields.String(
            load_default=NOTICE,
            validate=OneOf(
                [OFF, NOTICE, OPT_OUT, OPT_IN],
                labels=[
                    N_("Say nothing"),
                    N_("Notice"),
                    N_("Notice, and a key to refuse"),
                    N_("Record only if the caller presses the key"),
                ],
            ),
        ),
        N_("Before the recording"),
        N_(
            "Said once per conversation, right before the first person is rung, and only if the"
            " call will be recorded."
        ),
        when="record_all",
    )
    prompt = setting(
        fields.String(load_default="", validate=Length(max=600)),
        N_("Text of the notice"),
        N_(
            "Empty: the melody “Recording notice” of this number; where there is a key, a ready"
            " sentence that names it, in the language of the melodies. Write {key} where the key is"
            " named."
        ),
        choose="prompt",
        when="record_all",
    )
    key = setting(
        fields.String(
            load_default="1",
            validate=Regexp(r"^[0-9*]\Z", error=lazy_gettext("The key is one of 0 to 9 and *.")),
        ),
        N_("Key to refuse or to agree"),
        when="record_all",
    )
