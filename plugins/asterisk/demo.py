"""The demo's Asterisk: one server, and per company a trunk and a phone. None of it exists."""

from __future__ import annotations

from typing import Any

from core import api
from plugins.asterisk import service
from plugins.asterisk.models import PhoneRow, ServerRow, TrunkRow, phone_digest

SERVER = "pbx"


def connect(account: api.Account, company: Any) -> None:
    """Give a demo company a trunk of its own and a phone for its first employee."""
    server, _ = ServerRow.get_or_create(
        name=SERVER,
        defaults={
            "url": "http://127.0.0.1:8088",
            "user": "centralino",
            "secret": service.new_password(),
            "sip_host": "pbx.demo.example",
        },
    )
    trunk = TrunkRow(account=account.id, server=server, host=f"sip-{account.id}.demo.example")
    service.make_gateway(trunk, "SIP trunk")
    trunk.save(force_insert=True)
    first = api.EmployeeRow.of(account).order_by(api.EmployeeRow.id).first()
    PhoneRow.create(
        account=account.id,
        employee=first,
        server=server,
        digest=phone_digest(first.id, service.new_password()),
        created_at=company.account.created_at,
    )
