"""Partners' packages with something wrong, installed as pip would: a module and its metadata."""

from __future__ import annotations

from pathlib import Path

MODULE = """
import time
from pathlib import Path

from core import api


@api.hookimpl
def register_plugin():
    return api.Plugin(
        name="{name}",
        title="{title}",
        features=(api.Feature("{name}", "{title}"),),
        stages=(api.Stage("{name}", "{title}", 10),),
    )


@api.hookimpl
def route_call(call, stage):
    {body}
"""

SLEEPS_SECONDS = 60
"""So long a sleeper sleeps; whoever waited for it would take as long."""

ASLEEP = "asleep"
"""The file by which a sleeper says that it has fallen asleep."""


def install(folder: Path) -> None:
    """Put all of them into a folder of modules.

    ``raises``, ``rubbish`` and ``sleeps`` do so when they are asked where a call goes; ``absent``
    cannot be imported.
    """
    sleep = f'Path(r"{folder}", "{ASLEEP}").touch(); time.sleep({SLEEPS_SECONDS})'
    _package(folder, "raises", 'raise ValueError("a mistake")')
    _package(folder, "rubbish", 'return {"ring": "somebody"}')
    _package(folder, "sleeps", sleep)
    _package(folder, "absent", "return None")
    (folder / "partner_absent.py").write_text("import a_library_that_nobody_installed\n")


def _package(folder: Path, name: str, body: str) -> None:
    module = MODULE.format(name=name, title=name.title(), body=body)
    (folder / f"partner_{name}.py").write_text(module)
    distribution(folder, f"partner-{name}", {name: f"partner_{name}"})


def distribution(folder: Path, name: str, plugins: dict[str, str]) -> None:
    """Metadata of a package that brings plugins, given as entry points by name."""
    info = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    points = "".join(f"{key} = {module}\n" for key, module in plugins.items())
    (info / "entry_points.txt").write_text(f"[centralino.plugins]\n{points}")
