"""Who is using this page: the user, the account they work in, and what they may do there (S5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import g, session
from flask_security import current_user

from core.contract.call import Account
from core.store.accounts import AccountRow
from core.store.people import EmployeeRow, Membership, UserRow

OPERATOR, BILLING = "operator", "billing"
ADMIN, SUPERVISOR, AGENT = "admin", "supervisor", "agent"
INSTALLATION_ROLES = (OPERATOR, BILLING)
ACCOUNT_ROLES = (ADMIN, SUPERVISOR, AGENT)
NOWHERE = 0
"""No account's id: what a member is in the installation itself."""

PICKED = "account"
"""The session's key for the account that the user works in."""


@dataclass(frozen=True, slots=True)
class Member:
    """A signed-in user in an account.

    ``account`` is None for an operator or biller who has not picked one; ``role`` is "" for a user
    without any; ``employee`` is the person who can be rung, if the user is one. Listening and
    deleting recordings are rights apart from the role (Q2).
    """

    user: UserRow
    account: Account | None
    role: str
    may_listen: bool
    may_delete: bool
    employee: EmployeeRow | None

    def has(self, roles: Iterable[str]) -> bool:
        """Whether one of these roles is theirs; in a picked account an operator is its admin."""
        return self.role in roles or (
            self.role == OPERATOR and self.account is not None and ADMIN in roles
        )


def current_member() -> Member | None:
    """The member of this request, None when nobody is signed in. Read once per request."""
    if "member" not in g:
        g.member = find_member(current_user) if current_user.is_authenticated else None
    return g.member


def forget_member() -> None:
    """Read the member again: the sign-in or the picked account has changed."""
    g.pop("member", None)


def accounts_of(user: UserRow) -> list[AccountRow]:
    """The accounts a user belongs to, by name."""
    return list(
        AccountRow.select()
        .join(Membership)
        .where(Membership.user == user.id)
        .order_by(AccountRow.name)
    )


def may_work_in(user: UserRow, account: int | None) -> bool:
    """Whether a user may pick an account: an operator any, others those they belong to."""
    if role_in_installation(user) == OPERATOR:
        return AccountRow.select().where(AccountRow.id == account).exists()
    belongs = (Membership.user == user.id) & (Membership.account == account)
    return Membership.select().where(belongs).exists()


def find_member(user: UserRow, account: int | None = None) -> Member:
    """What a user is in an account; None: the one their browser's session has picked; ``NOWHERE``:
    in none."""
    wide = role_in_installation(user)
    own = list(
        Membership.select(Membership, AccountRow)
        .join(AccountRow)
        .where(Membership.user == user.id)
        .order_by(AccountRow.name)
    )
    picked = session.get(PICKED) if account is None else account
    chosen = next((one for one in own if one.account_id == picked), None)
    if chosen is None and wide == OPERATOR:
        row = AccountRow.get_or_none(AccountRow.id == picked) if picked else None
        return _member(user, row, OPERATOR, _installation_row(user))
    if chosen is None and own and not wide:
        chosen = own[0]
    if chosen is None:
        return _member(user, None, wide, _installation_row(user))
    return _member(user, chosen.account, chosen.role, chosen)


def _member(
    user: UserRow, account: AccountRow | None, role: str, rights: Membership | None
) -> Member:
    employee = account and EmployeeRow.of(account).where(EmployeeRow.user == user.id).first()
    return Member(
        user=user,
        account=account.picture() if account else None,
        role=role,
        may_listen=bool(rights and rights.may_listen),
        may_delete=bool(rights and rights.may_delete_recordings),
        employee=employee or None,
    )


def _installation_row(user: UserRow) -> Membership | None:
    return Membership.get_or_none(Membership.user == user.id, Membership.account.is_null())


def role_in_installation(user: UserRow) -> str:
    """``operator``, ``billing`` or ""; whatever account they work in at the moment."""
    row = _installation_row(user)
    return row.role if row else ""
