"""Random plan files and accounts, for the test that all doors agree: each draws from few values, so
that instants, features and plans meet often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from core.contract.features import Feature
from tests.matrix.slow_reference import Column, Grant, Holder, Own, Span, Tried, first_instant

ZONES = (
    "Europe/Rome", "Pacific/Auckland", "Pacific/Honolulu", "America/St_Johns",
    "Pacific/Kiritimati", "Asia/Kathmandu", "Australia/Lord_Howe", "America/New_York",
)  # fmt: skip

KEYS = ("alpha", "beta", "gamma", "delta")
"""Keys of plans."""

GONE = "omega"
"""A plan that no file has."""

AROUND = [
    timedelta(**{unit: amount}) for unit in ("days", "hours", "microseconds") for amount in (-1, 1)
] + [timedelta(0)]

MOMENTS = len(AROUND) * 2
"""How many moments an account knows: around the beginnings of April and of November 2027 on its own
clocks; in the month before each, clocks change somewhere."""

USED = (0, 1, 2, 3, 100)


@dataclass(frozen=True)
class World:
    """A plan file with its text, the accounts, and when each is asked."""

    columns: dict[str, Column]
    text: str
    holders: tuple[Holder, ...]
    asked_at: tuple[list[datetime], ...]


def worlds(features: dict[str, Feature], optional: list[str], accounts: int) -> Any:
    """Worlds with these features.

    Args:
        features: the declared ones.
        optional: plugins that an account may switch off.
        accounts: how many there are.
    """
    cells = st.fixed_dictionaries(
        {key: st.sampled_from([None, None, *values_of(one)]) for key, one in features.items()}
    )
    plan = st.tuples(st.sampled_from(["", *KEYS]), cells)
    return st.builds(
        _world,
        st.lists(plan, min_size=1, max_size=len(KEYS)),
        st.permutations(range(len(KEYS))),
        st.tuples(*[_accounts(features, optional)] * accounts),
    )


def values_of(feature: Feature) -> list[Grant]:
    """What a cell may say; a switch is on more often than off."""
    if feature.kind == "choice":
        return [*feature.choices, False]
    if feature.kind in ("number", "quota"):
        return [False, 0, 2, 100, "unlimited"]
    return [True, True, False]


def _accounts(features: dict[str, Feature], optional: list[str]) -> Any:
    """Accounts with the instants at which they are asked; moments are numbers, because which
    instants they are depends on the zone."""
    grants = [
        (key, value)
        for key, one in features.items()
        for value in values_of(one) * (1 if "." in key else 4)  # parts follow their plugin
    ]
    quotas = [key for key, one in features.items() if one.kind == "quota"]
    moment = st.integers(0, MOMENTS - 1)
    plan = st.integers(0, len(KEYS))
    never = st.none()
    own = st.tuples(st.sampled_from(grants), moment, never | moment, never | never | moment)
    trial = st.tuples(plan, moment, moment, never | never | moment)
    return st.builds(
        _account,
        st.sampled_from(ZONES),
        plan,
        st.lists(own, max_size=6),
        st.lists(trial, max_size=3),
        st.frozensets(st.sampled_from(optional), max_size=2),
        st.dictionaries(st.sampled_from(quotas), st.tuples(moment, st.sampled_from(USED))),
        st.lists(moment, min_size=1, max_size=2, unique=True),
    )


def _account(
    zone: str, plan: int, own: Any, trials: Any, off: Any, used: Any, asked_at: list[int]
) -> Any:
    """An account of a world with so many plans as it will turn out to have."""

    def at(moment: int | None) -> datetime | None:
        if moment is None:
            return None
        around, later = divmod(moment, 2)
        return first_instant(2027 * 12 + (10 if later else 3), zone) + AROUND[around]

    def span(*moments: int | None) -> Span:
        return Span(*map(at, moments))

    def holder(plans: list[str]) -> Holder:
        return Holder(
            plans[plan % len(plans)],
            zone,
            tuple(Own(*grant, span(*moments)) for grant, *moments in own),
            tuple(Tried(plans[one % len(plans)], span(*moments)) for one, *moments in trials),
            off,
            {feature: (at(moment), units) for feature, (moment, units) in used.items()},
        )

    return holder, list(map(at, asked_at))


def _world(drawn: list[Any], order: Any, accounts: Any) -> World:
    """Lays the plans out; a plan extends an earlier drawn one, wherever in the file it stands."""
    keys = KEYS[: len(drawn)]
    extends = {
        key: above if above in keys[:place] else ""
        for place, (key, (above, _)) in enumerate(zip(keys, drawn, strict=True))
    }
    cells = {
        key: {one: value for one, value in own.items() if value is not None}
        for key, (_, own) in zip(keys, drawn, strict=True)
    }
    lines, columns = ["schema: 1", "plans:"], {}
    for key in (KEYS[place] for place in order if KEYS[place] in keys):
        lines += [f"  {key}:", f"    title: {key.title()}"]
        lines += [f"    extends: {extends[key]}"] if extends[key] else []
        lines += ["    features:"] if cells[key] else ["    features: {}"]
        places = {}
        for feature, value in cells[key].items():
            lines.append(f"      {feature}: {written(value)}")
            places[feature] = len(lines)
        columns[key] = Column(key, extends[key], cells[key], places)
    holders = tuple(holder([*keys, *keys, GONE]) for holder, _ in accounts)
    return World(columns, "\n".join(lines) + "\n", holders, tuple(at for _, at in accounts))


def written(value: Grant) -> str:
    """A value as the plan file writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
