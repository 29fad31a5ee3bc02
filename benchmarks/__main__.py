"""``python -m benchmarks``: measures all, or what is named."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from time import monotonic

from benchmarks import machine
from benchmarks.ratio import Ratio

TITLES = {
    "gate": "A gate answer for a switch, a number or a choice",
    "dispatch": "A hook question's dispatch",
    "quota": "A quota unit",
    "crowd": "Gate questions about 100,000 accounts and 200 features",
    "propagation": "From a change of the matrix until every process answers by it",
    "review": "The review of a change of the matrix, of 100,000 accounts and 200 features",
    "scale": "An event in a large installation : in a small one",
    "calls": "The events of a full incoming call over HTTP",
}
"""The benchmarks, shortest first."""

MODULES = {
    **{one: f"{one}.compare" for one in ("gate", "propagation", "review", "scale", "calls")},
    "crowd": "gate.crowd",
}
"""Where they are, other than in a module of their own name."""

ROUNDS, QUICK_ROUNDS = 9, 3


def main() -> None:
    """Measure, print, write the file."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="centralino-bench-", dir=options.folder) as folder:
        place = Path(folder)
        about = machine.describe(place)
        print(machine.line(about), flush=True)
        results = {name: _run(name, place, options.rounds) for name in options.names or TITLES}
    if options.json:
        data = {"machine": about, "results": results}
        options.json.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(TITLES)}")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="turns (default %(default)s)")
    parser.add_argument("--quick", action="store_const", dest="rounds", const=QUICK_ROUNDS)
    parser.add_argument("--folder", type=Path, help="where the databases are made: which disk")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results to a file")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in TITLES]
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]!r}; there are {', '.join(TITLES)}")
    return options


def _run(name: str, place: Path, rounds: int) -> list[dict]:
    folder = place / name
    folder.mkdir()
    print(f"\n{TITLES[name]} ({name}, {rounds} rounds)", flush=True)
    measure: Callable[[Path, int], list[Ratio]] = import_module(
        f"benchmarks.{MODULES.get(name, name)}"
    ).run
    start = monotonic()
    ratios = measure(folder, rounds)
    for ratio in ratios:
        print(ratio.line())
    print(f"  ({monotonic() - start:.0f} s)", flush=True)
    return [ratio.as_json() for ratio in ratios]


if __name__ == "__main__":
    main()
