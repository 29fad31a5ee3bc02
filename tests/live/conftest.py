"""Live calls: a real Asterisk, real telephones, sound flowing; all on loopback.

Each test process has one installation with one Asterisk for most tests; a test that kills things
makes its own.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.live.addresses import Addresses, claimed
from tests.live.office import Office
from tests.live.stack import Stack

Shared = tuple[Stack, Office, Office, Office]
PROGRAMS = Path(sys.prefix) / "asterisk"
"""Where scripts/asterisk.sh puts them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is marked ``live``, and skipped where there is no Asterisk: without apt or a
    network scripts/asterisk.sh cannot unpack one, and everything else is tested there, too."""
    here = Path(__file__).parent
    missing = pytest.mark.skip(reason="Asterisk is not unpacked; live calls were not tested")
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.live)
            if not (PROGRAMS / ".stamp").exists():
                item.add_marker(missing)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    """The report of a failed test tells what Centralino and Asterisk said."""
    outcome = yield
    report = outcome.get_result()
    used = getattr(item, "funcargs", {}).values()
    if call.when == "call" and report.failed:
        for stack in (one for one in used if isinstance(one, Stack)):
            report.sections.append(("live", _story(stack)))


def _story(stack: Stack) -> str:
    """What a stack tells; one that is half gone, as after a test that breaks it, tells why not."""
    try:
        return stack.story()
    except Exception as error:
        return f"The stack tells nothing: {error!r}"


@pytest.fixture(scope="session")
def addresses() -> Iterator[Addresses]:
    """Loopback addresses of this test process."""
    with claimed() as block:
        yield block


@pytest.fixture(scope="session")
def stacks(addresses: Addresses) -> Iterator[Callable[..., Stack]]:
    """A function that makes a stack, not yet started; ``database``: its address."""
    with ExitStack() as ends:

        def make(database: str = "") -> Stack:
            folder = Path(tempfile.mkdtemp(prefix="live-"))
            ends.callback(shutil.rmtree, folder, ignore_errors=True)
            stack = Stack(PROGRAMS, folder, addresses, database)
            ends.callback(stack.stop)
            return stack

        yield make


@pytest.fixture(scope="session")
def _shared(stacks: Callable[..., Stack]) -> Shared:
    stack = stacks()
    plans = {
        "+390612345670": "professional",
        "+390212345670": "free",
        "+390112345670": "enterprise",
    }
    offices = [stack.office(plan, number) for number, plan in plans.items()]
    stack.configure()
    stack.pbx.start()
    stack.installation.start("jobs")
    stack.run()
    return stack, *offices


@pytest.fixture
def stack(_shared: Shared) -> Iterator[Stack]:
    """The installation of this test process, running, without telephones."""
    with _shared[0].test():
        yield _shared[0]


@pytest.fixture
def office(stack: Stack, _shared: Shared) -> Iterator[Office]:
    """A company on the plan ``professional``, which has set nothing yet."""
    yield _shared[1]
    _shared[1].says_nothing()


@pytest.fixture
def free_office(stack: Stack, _shared: Shared) -> Iterator[Office]:
    """A company on the plan ``free``, which has set nothing yet."""
    yield _shared[2]
    _shared[2].says_nothing()


@pytest.fixture
def busy_office(stack: Stack, _shared: Shared) -> Office:
    """A company that may dial as much as it likes, and has a menu."""
    _shared[3].dials_freely()
    return _shared[3]
