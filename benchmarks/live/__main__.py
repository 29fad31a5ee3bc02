"""``python -m benchmarks.live``: live calls, measured beside native dialplan and an ARI script."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
from pathlib import Path
from time import monotonic

from benchmarks import machine
from benchmarks.live import compare
from benchmarks.live.asterisk import PROGRAMS
from benchmarks.live.ground import Ground, standing
from benchmarks.live.records import told
from benchmarks.ratio import Ratio

RATES = (10.0, 30.0, 60.0)
"""Calls per second at which answering is timed."""


def main() -> None:
    """Measure, print, write the file."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is ended
    if not (PROGRAMS / "asterisk").exists():
        print("Asterisk 22 cannot be unpacked here: live calls were not measured.")
        return
    with tempfile.TemporaryDirectory(prefix="centralino-bench-", dir=options.folder) as folder:
        about = machine.describe(Path(folder))
        print(machine.line(about), flush=True)
        with standing(Path(folder)) as ground:
            results = _measure(ground, options)
    if options.json:
        data = {"machine": about, "results": results}
        options.json.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n")


def _measure(ground: Ground, options: argparse.Namespace) -> dict[str, list[dict]]:
    results, sides = {}, ground.sides
    for rate in options.rates:
        title = f"{rate:g} calls/s, {options.rounds} blocks of {options.seconds:g} s each"
        start = _begin(f"From INVITE to 200 OK at {title}")
        ratios = compare.at_rate(sides, rate, options.seconds, options.rounds)
        results[f"{rate:g}/s"] = _end(ratios, start)
    if options.rates:
        print(f"\n{told(ground)}", flush=True)
    if options.searches:
        start = _begin(f"The highest rate without a failed call, {options.searches} searches")
        ratios = compare.highest(sides, options.searches)
        results["highest"] = _end(ratios, start)
        print(f"\n{told(ground)}", flush=True)
    return results


def _begin(title: str) -> float:
    print(f"\n{title}", flush=True)
    return monotonic()


def _end(ratios: list[Ratio], start: float) -> list[dict]:
    for ratio in ratios:
        print(ratio.line())
    print(f"  ({monotonic() - start:.0f} s)", flush=True)
    return [ratio.as_json() for ratio in ratios]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.live", description=__doc__)
    add = parser.add_argument
    add("--rates", type=float, nargs="*", default=RATES, help="calls/s (default 10 30 60)")
    add("--seconds", type=float, default=15, help="of a block (default %(default)s)")
    add("--rounds", type=int, default=7, help="blocks of each side (default %(default)s)")
    add("--searches", type=int, default=1, help="for the highest rate (default %(default)s)")
    add("--quick", action="store_true", help="8 s, 3 rounds")
    add("--folder", type=Path, help="where the database is made: which disk")
    add("--json", type=Path, metavar="FILE", help="write the results to a file")
    options = parser.parse_args()
    if options.quick:
        options.seconds, options.rounds = 8, 3
    return options


if __name__ == "__main__":
    main()
