"""Numbers as people type them."""

import pytest

from core.api import BadInput
from plugins.crm.models import CompanyRow, ContactRow, PhoneRow
from plugins.crm.phones import e164, read_numbers, set_numbers
from tests.support.calls import NOON


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("06 1234 5678", "+390612345678"),
        ("+39 06-1234-5678", "+390612345678"),
        ("0044 20 7946 0000", "+442079460000"),
        (" 333 123 4567 ", "+393331234567"),
    ],
)
def test_a_typed_number_becomes_e164(typed, number):
    assert e164(typed, "IT") == number


@pytest.mark.parametrize("typed", ["abc", "12", "", "+39", "+0612345678901234567"])
def test_what_is_no_number_is_refused_with_the_word_typed(typed):
    with pytest.raises(BadInput) as refused:
        e164(typed, "IT")
    assert repr(typed) in str(refused.value)


def test_several_numbers_each_counted_once():
    typed = "06 1234 5678, +390612345678\n\n333 1234567;"
    assert read_numbers(typed, "IT") == ["+390612345678", "+393331234567"]


@pytest.mark.parametrize("table", [ContactRow, CompanyRow])
def test_numbers_are_replaced_and_those_that_stay_are_kept(company, table):
    owner = table.create(account=company.row, name="C", created_at=NOON)
    other = table.create(account=company.row, name="D", created_at=NOON)
    set_numbers(other, ["+391"])
    set_numbers(owner, ["+391", "+392"])
    kept = {phone.number: phone.id for phone in owner.phones}
    set_numbers(owner, ["+392", "+393"])
    assert {phone.number for phone in owner.phones} == {"+392", "+393"}
    assert kept["+392"] in {phone.id for phone in owner.phones}
    assert [phone.number for phone in other.phones] == ["+391"]
    assert PhoneRow.of(company.row).count() == 3
