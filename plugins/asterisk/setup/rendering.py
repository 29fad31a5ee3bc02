"""Fills the templates: a picture of the server and the machine's options become files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from plugins.asterisk.models import REALM
from plugins.asterisk.setup import safe
from plugins.asterisk.setup.options import FILE, Options, ari_address, as_text, sip_address
from plugins.asterisk.setup.picture import Picture

TEMPLATES = Path(__file__).parent / "templates"

OURS = "; Written by `centralino asterisk config`"
"""How every file of ours begins: such a file may be written again."""

PRIVATE = (
    "modules.conf", "http.conf", "ari.conf", "pjsip.conf", "rtp.conf",
    "extensions.conf", "musiconhold.conf", "cdr.conf", "cel.conf",
)  # fmt: skip
"""The files that are ours alone."""

COMMON = (
    "asterisk.conf", "logger.conf", "indications.conf", "acl.conf", "ccss.conf",
    "cli_permissions.conf", "dnsmgr.conf", "features.conf", "pjproject.conf", "sorcery.conf",
    "stasis.conf", "udptl.conf", "manager.conf", "websocket_client.conf",
)  # fmt: skip
"""Files that Asterisk wants to find and that may be anybody's: written where there is none."""


def modules() -> list[str]:
    """The modules that Asterisk must load, without ``.so``."""
    lines = (TEMPLATES / "modules.txt").read_text().splitlines()
    return [word for line in lines for word in line.partition("#")[0].split()]


def render(
    picture: Picture, options: Options, music: Mapping[str, str], folder: Path
) -> dict[str, str]:
    """The text of every file, by name.

    Args:
        picture: what the database says.
        options: what belongs to the machine.
        music: the file of each class of hold music, without its ending.
        folder: where Asterisk will read them.

    Raises:
        BadInput: a value could be read as more than a value.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        finalize=safe.checked,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 no HTML here: `checked` guards every value
    )
    environment.filters["secret"] = safe.secret
    ari, sip = ari_address(options, picture.url), sip_address(options, picture.sip_host)
    values = {
        "server": picture, "options": options, "music": music, "modules": modules(),
        "folder": folder, "realm": REALM, "probes": not sip[0].startswith("127."),
        "ari_host": ari[0], "ari_port": ari[1], "sip_host": sip[0], "sip_port": sip[1],
    }  # fmt: skip
    texts = {name: environment.get_template(name).render(values) for name in PRIVATE}
    texts |= {name: _common(environment, name, values) for name in COMMON}
    return {FILE: as_text(options)} | {
        name: f"{OURS}; changes are lost.\n{text}" for name, text in texts.items()
    }


def _common(environment: Environment, name: str, values: Mapping[str, object]) -> str:
    return environment.get_template(name).render(values) if (TEMPLATES / name).exists() else ""
