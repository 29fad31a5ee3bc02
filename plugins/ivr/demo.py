"""A believable menu of two levels for the demo company."""

from __future__ import annotations

from typing import Any

from core.api import Account, employees, save_profile
from plugins.ivr.menus import Action
from plugins.ivr.models import KeyRow, MenuRow


def speak_menu(account: Account, company: Any) -> None:
    """Make the menus, and let callers of the company's main number hear them."""
    groups = [one.value for one in company.offers if one.value.startswith("queue:")]
    main = create_menus(account, company.account.name, groups[0] if groups else "voicemail")
    save_profile(company.lines[0], "ivr", values={"menu": f"ivr:{main.id}"})


def create_menus(account: Account, name: str, group: str) -> MenuRow:
    """A main menu, with sales and office below it; ``group`` takes who wants to talk."""
    sales = _menu(
        account,
        "Sales",
        "For a new order, press 1. For an order you have placed, press 2. To go back, press star.",
    )
    office = _menu(
        account,
        "Office",
        "For invoices, press 1. To leave a message, press 2. To go back, press star.",
    )
    main = _menu(
        account,
        "Main menu",
        f"Welcome to {name}. For sales, press 1. For the office, press 2. For our opening hours,"
        " press 3. If you know the extension, dial it now. To be connected, press 0.",
        extensions=True,
        no_answer_retries=1,
        no_answer_to="voicemail",
    )
    first, second = _two_people(account, group)
    opened = "We are open Monday to Friday, nine to one and two to six."
    _keys(main, ("1", f"ivr:{sales.id}"), ("2", f"ivr:{office.id}"), ("0", group))
    _keys(main, ("3", Action.MESSAGE, opened), ("*", Action.REPEAT))
    _keys(sales, ("1", group), ("2", first), ("*", Action.BACK))
    _keys(office, ("1", second), ("2", "voicemail"), ("*", Action.BACK))
    return main


def _menu(account: Account, name: str, prompt: str, **columns: Any) -> MenuRow:
    return MenuRow.create(account=account.id, name=name, prompt=prompt, **columns)


def _keys(menu: MenuRow, *keys: tuple[str, ...]) -> None:
    for key, target, *text in keys:
        KeyRow.create(
            account=menu.account_id, menu=menu, key=key, target=str(target), text="".join(text)
        )


def _two_people(account: Account, group: str) -> list[str]:
    """The first employees as destinations; the group stands in for who is missing."""
    found = [f"employee:{id}" for id in list(employees(account))[:2]]
    return [*found, group, group][:2]
