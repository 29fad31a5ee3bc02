"""Commands of plugins: beside the core's, and a switchboard for their processes."""

from __future__ import annotations

from types import ModuleType

import click
import pytest
from click.testing import CliRunner

from core import registry as registries
from core.api import (
    CallArrived,
    CallEnded,
    NotFound,
    Plugin,
    Switchboard,
    hookimpl,
)
from core.cli import commands, theirs
from core.contract.errors import PluginFault


def carrier(*names: str) -> ModuleType:
    """A plugin that brings commands of these names."""

    @hookimpl
    def register_plugin() -> Plugin:
        return Plugin(name="carrier", title="Carrier")

    @hookimpl
    def register_commands() -> list[click.Command]:
        return [click.Command(name, callback=lambda: click.echo("rang"), help="Rings.")
                for name in names]  # fmt: skip

    plugin = ModuleType("carrier")
    plugin.register_plugin, plugin.register_commands = register_plugin, register_commands
    return plugin


@pytest.fixture
def install(monkeypatch):
    """Install a plugin beside the others."""

    def add(plugin):
        registry = registries.load(names=(), extra={"carrier": plugin})
        monkeypatch.setattr(theirs.registries, "load", lambda: registry)

    return add


def test_hook_register_commands(install):
    install(carrier("carrier"))
    run = CliRunner().invoke
    assert run(commands, ["carrier"]).output == "rang\n"
    listed = run(commands, ["--help"]).output
    assert "carrier" in listed
    assert "simulate" in listed


def test_a_command_has_the_name_of_its_plugin(install):
    install(carrier("serve"))
    with pytest.raises(PluginFault, match="serve"):
        CliRunner().invoke(commands, ["nothing"], catch_exceptions=False)


def test_for_the_cores_own_commands_no_plugin_is_loaded(monkeypatch):
    monkeypatch.setattr(theirs.registries, "load", lambda: pytest.fail("plugins were loaded"))
    assert CliRunner().invoke(commands, ["serve", "--help"]).exit_code == 0


def test_an_open_call_is_found_again_with_what_it_was_last_told(centralino):
    company = centralino.company()
    company.profile("extension", greeting=True)
    board = Switchboard(centralino.app)
    call = company.call()
    kind = company.gateway.kind
    (found,) = board.open_calls(kind)
    assert (found.ref, found.gateway_id) == (call.ref, company.gateway.id)
    assert (found.number, found.token) == (call.order.number, call.order.token)
    assert found.answer == f"order {call.order.number}"
    assert board.open_calls("another") == ()
    board.deliver(CallEnded(company.gateway.id, call.ref, board.now()), str)
    assert board.open_calls(kind) == ()


def test_a_number_that_is_not_there_is_not_found(centralino):
    company = centralino.company()
    board = Switchboard(centralino.app)
    with pytest.raises(NotFound):
        board.deliver(
            CallArrived(company.gateway.id, "x", "+390699999999", "+393331234567", board.now()), str
        )
