"""``serve`` as a process: it answers, keeps its jobs alive, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.support.ports import claim, port_of

SECONDS = 120


@pytest.fixture
def served(run, home: Path) -> Iterator[tuple[subprocess.Popen, str]]:
    """The process and its address, on a prepared database; it ends with the test."""
    assert run("migrate").status == 0
    script = str(Path(sys.executable).with_name("centralino"))
    with claim() as claimed, (home / "log").open("w") as log:
        port = port_of(claimed)
        process = subprocess.Popen([script, "serve", "--port", str(port)], stdout=log, stderr=log)
        yield process, f"http://127.0.0.1:{port}"
        if process.poll() is None:
            process.terminate()
            process.wait(SECONDS)


def wait_for(what: Callable[[], object]) -> object:
    """What the function gives as soon as that is true."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        found = what()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what} did not come true in {SECONDS} seconds")


def answers(address: str) -> bool:
    try:
        with urlopen(f"{address}/login", timeout=5) as answer:
            return answer.status == 200
    except (URLError, OSError):
        return False


def children_of(process: subprocess.Popen) -> list[int]:
    """The processes that a server has started: its workers and the jobs process."""
    files = Path(f"/proc/{process.pid}/task").glob("*/children")
    return [int(child) for file in files for child in file.read_text().split()]


def jobs_of(process: subprocess.Popen) -> int:
    """The number of the jobs process beside a server, 0 when there is none."""
    for child in children_of(process):
        words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        if b"jobs" in words:
            return child
    return 0


def alive(number: int) -> bool:
    """Whether a process runs; one that has ended and was not collected does not."""
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_it_answers_restarts_its_jobs_and_ends_with_them(served, home):
    process, address = served
    wait_for(lambda: answers(address))
    first = wait_for(lambda: jobs_of(process))
    os.kill(first, signal.SIGKILL)
    second = wait_for(lambda: jobs_of(process) not in (0, first) and jobs_of(process))
    assert answers(address)
    process.terminate()
    assert process.wait(SECONDS) == 0
    assert not alive(second)
    log = (home / "log").read_text()
    assert f"Centralino is at {address} (stop with Ctrl-C)" in log
    assert "Traceback" not in log


def test_nothing_of_a_killed_server_lives_on(served):
    process, address = served
    wait_for(lambda: answers(address))
    jobs = wait_for(lambda: jobs_of(process))
    process.kill()
    process.wait(SECONDS)
    wait_for(lambda: not alive(jobs))
    wait_for(lambda: not answers(address))


def test_ctrl_c_is_no_mistake(served, home):
    process, address = served
    wait_for(lambda: answers(address))
    process.send_signal(signal.SIGINT)
    assert process.wait(SECONDS) == 0
    assert "Traceback" not in (home / "log").read_text()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_can_be_ended_while_its_workers_are_still_being_loaded(served, number):
    process, _ = served
    wait_for(lambda: len(children_of(process)) == 3)
    process.send_signal(number)
    assert process.wait(SECONDS) == 0
