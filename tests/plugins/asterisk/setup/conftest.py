"""Two companies at one Asterisk server, and what is written for it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from core import registry as registries
from core.api import AccountRow, CentralinoError, EmployeeRow, GatewayRow, LineRow
from core.config import Config
from core.migrating import migrate
from plugins.asterisk import plugin, service
from plugins.asterisk.changes import By
from plugins.asterisk.commands import asterisk
from plugins.asterisk.models import PhoneRow, ServerRow, TrunkRow
from plugins.asterisk.phones import give_phone
from plugins.asterisk.setup.options import Options
from plugins.asterisk.setup.picture import picture_of
from plugins.asterisk.setup.rendering import render
from tests.support.calls import NOON
from tests.support.site import open_site

PLANS = "schema: 1\nplans:\n  all:\n    title: All\n    features: {}\n"


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    with open_site(folder, ("extension",), PLANS, asterisk=plugin) as site:
        site.rossi = site.account("Rossi", "all")
        site.verdi = site.account("Verdi", "all")
        site.admin = site.sign_in(site.rossi, "admin")
        site.operator = site.sign_in(None, "operator")
        yield site


@pytest.fixture
def site(opened):
    for table in (PhoneRow, TrunkRow, LineRow, GatewayRow, EmployeeRow, ServerRow):
        table.delete().execute()
    opened.server = server()
    opened.anna = EmployeeRow.create(account=opened.rossi, name="Anna", extension="101")
    opened.bruno = EmployeeRow.create(account=opened.verdi, name="Bruno", extension="101")
    opened.trunk = trunk(opened, opened.rossi, "192.0.2.10")
    opened.line = LineRow.create(
        account=opened.rossi, number="+390612345678", gateway=opened.trunk.gateway
    )
    return opened


def server(name="pbx", **columns):
    columns = {"sip_host": f"{name}.example", "user": "centralino", "secret": "s3cret"} | columns
    return ServerRow.create(name=name, url="http://127.0.0.1:8088", **columns)


def trunk(site, account, host, **columns):
    columns = {"server": site.server} | columns
    row = TrunkRow(account=account, host=host, **columns)
    service.check_trunk(row)
    service.make_gateway(row, columns.pop("name", f"Trunk {host}"))
    row.save(force_insert=True)
    return row


def phone(site, employee, at=None):
    return give_phone(employee, at or site.server, By("admin@example.com", NOON))


@pytest.fixture
def written(site, tmp_path):
    """A function that writes the configuration: the text of a file by its name."""

    def write(of=None, music=None, **options):
        picture = picture_of(of or site.server)
        return render(picture, Options(**options), music or {}, tmp_path)

    return write


def section(text, name):
    """The lines of a context or an object, without remarks."""
    found, inside = [], False
    for line in text.splitlines():
        if line.startswith("["):
            inside = line.split("]")[0] == f"[{name}"
        elif inside and line and not line.startswith(";"):
            found.append(line)
    return found


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A function that gives a command below ``centralino asterisk``: what it prints."""
    monkeypatch.setenv("CENTRALINO_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("CENTRALINO_PLANS", str(tmp_path / "plans.yaml"))
    (tmp_path / "plans.yaml").write_text(PLANS)
    registry = registries.load(("melodies",), {"asterisk": plugin})
    monkeypatch.setattr(registries, "load", lambda *names, **extra: registry)
    migrate(Config.from_environment(), registry)

    def run(*words, **environment):
        done = CliRunner().invoke(asterisk, words, env=environment, catch_exceptions=True)
        if isinstance(done.exception, CentralinoError):
            return done.exception.message
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.output

    run("server", "list")  # binds the tables
    with plugin_tables():
        account = AccountRow.create(name="Officine Verdi", plan="all", created_at=NOON)
        EmployeeRow.create(account=account, name="Anna", extension="101")
        EmployeeRow.create(account=account, name="Anna", extension="102")
        LineRow.create(account=account, number="+3905100146300", backup_number="+393331112222")
    return run


def plugin_tables():
    """A connection, for a look at the tables."""
    return AccountRow._meta.database.connection_context()
