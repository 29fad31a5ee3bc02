"""Measures what this project promises, side by side with what it is compared to, in one run.

    python -m benchmarks                all of them
    python -m benchmarks gate quota     some
    python -m benchmarks --quick        shorter, and noisier
    python -m benchmarks --json FILE    the results, for programs

Nothing here is a test: a slow machine is no defect. What it says of goals is in
``docs/benchmarks.md``.
"""
