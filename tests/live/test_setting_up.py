"""An operator's commands against a running Asterisk: ``check`` and ``config --reload``."""

from __future__ import annotations

from tests.live.office import Office
from tests.live.sound import ANNA
from tests.live.stack import Stack

OLDER = "Asterisk's configuration is older than the database"


def test_a_new_phone_is_missed_and_then_made_known(stack: Stack, office: Office) -> None:
    dora = office.hire("Dora", "104")
    assert OLDER in stack.check()
    stack.configure("--reload")
    stack.telephone(dora, ANNA)
    told = stack.check()
    assert OLDER not in told, told
    assert f"employee-{dora.id} " not in told, "she is registered"
    assert f"employee-{office.anna.id} is not registered" in told
