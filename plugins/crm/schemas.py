"""What can be set of the CRM on a number."""

from __future__ import annotations

from marshmallow import ValidationError, fields
from marshmallow.validate import Length, OneOf

from core.api import N_, Settings, setting
from plugins.crm.leads import AUTOMATIC, OFF, OFFERED, read_patterns, wrong_pattern
from plugins.crm.service import TO_PHONE, TO_QUEUE, TO_VOICEMAIL


def good_patterns(text: str) -> None:
    """Refuse an exceptions list with a pattern that means nothing, naming it."""
    wrong = [sentence for one in read_patterns(text) if (sentence := wrong_pattern(one))]
    if wrong:
        raise ValidationError(wrong[0])


class CrmSettings(Settings):
    """Leads (C2) and the responsible employee (R5)."""

    leads = setting(
        fields.String(
            load_default=AUTOMATIC,
            validate=OneOf(
                [AUTOMATIC, OFFERED, OFF],
                labels=[
                    N_("Create automatically"),
                    N_("Offer on the call's card"),
                    N_("No leads"),
                ],
            ),
        ),
        N_("Leads for unknown callers"),
        N_("When the caller's number is not in the CRM. A caller has at most one open lead."),
    )
    lead_exceptions = setting(
        fields.String(load_default="", validate=[Length(max=4000), good_patterns]),
        N_("Numbers that never become a lead"),
        N_("One per line. * stands for any digits, ? for one: +39333*."),
        choose="text",
    )
    lead_responsible = setting(
        fields.Integer(load_default=None, allow_none=True),
        N_("Responsible for new leads"),
        N_("Of calls that nobody answered; otherwise it is the employee who talked."),
        choose="employee",
    )
    offer_to_responsible = setting(
        fields.Boolean(load_default=True),
        N_("Offer known clients to their responsible employee first"),
        N_("How long they are rung is a setting of extensions."),
    )
    no_answer = setting(
        fields.String(
            load_default=TO_QUEUE,
            validate=OneOf(
                [TO_QUEUE, TO_PHONE, TO_VOICEMAIL],
                labels=[
                    N_("Back to the queue"),
                    N_("The employee's phone"),
                    N_("The employee's voicemail"),
                ],
            ),
        ),
        N_("When the responsible employee does not answer"),
        when="offer_to_responsible",
    )
