"""``centralino asterisk run``, ``config`` and ``check``: the gateway and its configuration."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from core.api import BadInput, switchboard
from plugins.asterisk.commands.finding import NO_SERVER, SERVER, all_servers, find_server
from plugins.asterisk.setup import files, options
from plugins.asterisk.setup.checking import check_server
from plugins.asterisk.setup.music import hold_music
from plugins.asterisk.setup.picture import picture_of
from plugins.asterisk.setup.reloading import is_older, reload
from plugins.asterisk.setup.rendering import render

READ_AT_START = ("asterisk.conf", "modules.conf", "http.conf", "ari.conf", "rtp.conf")


@click.command()
@click.option("--server", "servers", multiple=True, metavar="NAME", help="Only these; repeat it.")
@click.option("--workers", default=1, type=click.IntRange(1, 32), help="Processes of this machine.")
def run(servers: tuple[str, ...], workers: int) -> None:
    """Serve calls until the process is ended."""
    from plugins.asterisk.running.process import run as serve

    serve(servers, workers)


@click.command()
@SERVER
@click.option("--to", "folder", default="/etc/asterisk", type=click.Path(file_okay=False))
@click.option("--force", is_flag=True, help="Take the place of files that are not ours; keep them.")
@click.option("--reload", "reloads", is_flag=True, help="Let a running Asterisk read them.")
@click.option("--bind", help="Address for SIP and sound; default: all of the machine's.")
@click.option("--ari-bind", help="Address for ARI; default: the one of the server, else 127.0.0.1.")
@click.option("--public-address", help="The machine's address outside, if a router changes it.")
@click.option("--local-net", help="Networks behind the same router, such as 192.168.0.0/16.")
@click.option("--rtp", help="Ports of sound, such as 10000-20000.")
@click.option("--modules", help="Folder of Asterisk's modules; default: as it was packaged.")
@click.option("--programs", help="Folder of Asterisk's own data; default: as it was packaged.")
@click.option("--state", help="Folder for what Asterisk writes; default: as it was packaged.")
@click.option("--language", help="Of Asterisk's own sounds; default: en.")
def config(server: str, folder: str, force: bool, reloads: bool, **given: str | None) -> None:
    """Write Asterisk's configuration from the database. Options are kept for the next time."""
    place = Path(folder).absolute()
    with switchboard() as board:
        row = find_server(server)
        picture = picture_of(row)
        chosen = options.load(place, given)
        texts = render(picture, chosen, hold_music(board, picture.accounts), place)
        written = files.write(place, texts, force=force)
        _tell(place, written)
        host = options.ari_address(chosen, row.url)[0]
        if not host.startswith("127."):
            click.echo(f"ARI is served on {host}: let no machine but Centralino's reach it.")
        if reloads and (written or is_older(row, picture)):
            reload(row)
            click.echo("Asterisk has read it.")
            _tell_restart(written)


def _tell_restart(written: Sequence[str]) -> None:
    """Some files are read only as Asterisk starts."""
    late = [name for name in written if name in READ_AT_START]
    if options.FILE in written:
        late.append("the addresses of pjsip.conf")
    if late:
        click.echo(f"Restart Asterisk: it reads {', '.join(late)} only as it starts.")


def _tell(folder: Path, written: Sequence[str]) -> None:
    if written:
        click.echo(f"Written to {folder}: {', '.join(written)}.")
    else:
        click.echo(f"{folder} is as the database says.")


@click.command()
@SERVER
def check(server: str) -> None:
    """Say what is wrong, a sentence for each fault; exit 1 if there is one."""
    with switchboard() as board:
        rows = [find_server(server)] if server else list(all_servers())
        if not rows:
            raise BadInput(NO_SERVER)
        faults = [
            f"{row.name}: {sentence}" for row in rows for sentence in check_server(row, board)
        ]
    for sentence in faults:
        click.echo(sentence)
    if faults:
        raise click.exceptions.Exit(1)
    click.echo("All is well.")
