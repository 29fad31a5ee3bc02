"""Anna, whose extension callers dial in the tests on plain data."""

import pytest

from tests.support.calls import make_employee


@pytest.fixture(autouse=True, scope="module")
def anna():
    """Employee 17 has extension 117."""
    patch = pytest.MonkeyPatch()
    patch.setattr("plugins.ivr.service.employees", lambda account: {17: make_employee(17)})
    yield
    patch.undo()
