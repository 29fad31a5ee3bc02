"""Finds who a number belongs to (C1): one indexed query, because a call waits for it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from plugins.crm.models import PhoneRow


class Kind(StrEnum):
    """What a match is, in the order in which matches are preferred (C1)."""

    CONTACT = "contact"
    COMPANY = "company"
    LEAD = "lead"


class Match(NamedTuple):
    """One client with this number. ``responsible`` is an employee's id; ``from_call``: a lead that
    a call made; ``total`` counts all matches of the number, also those beyond the limit."""

    kind: Kind
    id: int
    name: str
    responsible: int | None
    open_deal: bool
    from_call: bool
    total: int

    @property
    def ref(self) -> str:
        """The CRM's own key for the client, such as ``contact:17``."""
        return f"{self.kind}:{self.id}"


_KINDS = tuple(Kind)

# The three parts are found by the indexes (account, number) of crm_phones and of open leads.
_QUERY = """
SELECT kind, id, name, responsible, deal, from_call, COUNT(*) OVER () FROM (
    SELECT 0 AS kind, c.id AS id, c.name AS name, c.created_at AS created_at,
           COALESCE(c.responsible_id, o.responsible_id) AS responsible,
           CASE WHEN EXISTS (SELECT 1 FROM crm_deals d
                             WHERE d.contact_id = c.id AND d.status = 'open')
                THEN 1 ELSE 0 END AS deal, 0 AS from_call
    FROM crm_phones p JOIN crm_contacts c ON c.id = p.contact_id
    LEFT JOIN crm_companies o ON o.id = c.company_id
    WHERE p.account_id = ? AND p.number = ?
    UNION ALL
    SELECT 1, o.id, o.name, o.created_at, o.responsible_id,
           CASE WHEN EXISTS (SELECT 1 FROM crm_deals d
                             WHERE d.company_id = o.id AND d.status = 'open')
                THEN 1 ELSE 0 END, 0
    FROM crm_phones p JOIN crm_companies o ON o.id = p.company_id
    WHERE p.account_id = ? AND p.number = ?
    UNION ALL
    SELECT 2, l.id, CASE WHEN l.name = '' THEN l.number ELSE l.name END, l.created_at,
           l.responsible_id, 0, CASE WHEN l.call_id IS NULL THEN 0 ELSE 1 END
    FROM crm_leads l
    WHERE l.account_id = ? AND l.number = ? AND l.status = 'open' AND l.number <> ''
) AS found
ORDER BY kind, deal DESC, created_at DESC, id DESC LIMIT ?
"""


def find_matches(account_id: int, number: str, limit: int = 20) -> list[Match]:
    """Everybody a number belongs to: contacts, companies, open leads; then those with an open
    deal, then the most recent (C1).

    Args:
        account_id: in whose CRM.
        number: E.164; "" (withheld) matches nobody.
        limit: how many at most.

    Returns:
        The matches, best first.
    """
    if not number:
        return []
    database = PhoneRow._meta.database
    query = _QUERY.replace("?", database.param)
    found = database.execute_sql(query, (account_id, number) * 3 + (limit,))
    return [
        Match(_KINDS[kind], key, name, responsible, bool(deal), bool(from_call), total)
        for kind, key, name, responsible, deal, from_call, total in found.fetchall()
    ]
