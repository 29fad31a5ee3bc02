"""The numbers of contacts and companies."""

import pytest

from core.api import BadInput
from plugins.crm.models import CompanyRow, ContactRow, PhoneRow
from plugins.crm.phones import read_numbers
from tests.support.calls import NOON


def test_several_numbers_are_read_each_once():
    typed = "06 1234 5678, +390612345678\r\n\r\n333 1234567;+44 20 7946 0000"
    assert read_numbers(typed, "IT") == ["+390612345678", "+393331234567", "+442079460000"]


def test_what_is_no_number_is_refused_with_the_word_typed():
    with pytest.raises(BadInput, match="abc"):
        read_numbers("06 1234 5678\nabc", "IT")


@pytest.mark.parametrize("table", [ContactRow, CompanyRow])
def test_numbers_are_written_with_the_row_and_those_that_stay_are_kept(company, table):
    mine = {"account": company.row, "created_at": NOON}
    other = table.create(name="D", numbers=["+391"], **mine)
    table.create(name="C", numbers=["+391", "+392", "+391"], **mine)
    owner = table.get(name="C")
    assert owner.numbers == ["+391", "+392"]
    kept = PhoneRow.get(PhoneRow.number == "+392").id
    owner.numbers = ["+393", "+392"]
    owner.save()
    assert table.get(name="C").numbers == ["+392", "+393"]
    assert PhoneRow.get(PhoneRow.number == "+392").id == kept
    assert other.numbers == ["+391"]
    assert {phone.account_id for phone in PhoneRow.select()} == {company.row.id}


def test_a_row_saved_without_its_numbers_keeps_them(company):
    ContactRow.create(account=company.row, name="C", numbers=["+391"], created_at=NOON)
    contact = ContactRow.get()
    contact.name = "Carlo"
    contact.save()
    assert ContactRow.get(name="Carlo").numbers == ["+391"]


def test_numbers_that_cannot_be_written_undo_the_row(company):
    with pytest.raises(Exception, match="NOT NULL"):
        ContactRow.create(account=company.row, name="C", numbers=[None], created_at=NOON)
    assert ContactRow.select().count() == 0
