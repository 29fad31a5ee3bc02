"""Invents names and telephone numbers. No number here can belong to anybody.

Italian numbers never have 00 after the area code, and no mobile network owns the prefix 395; the
German, French and British ones are in ranges that those countries keep free for films.
"""

from __future__ import annotations

from random import Random
from typing import NamedTuple

CITIES = (
    ("Rome", "06"),
    ("Milan", "02"),
    ("Bologna", "051"),
    ("Turin", "011"),
    ("Florence", "055"),
    ("Venice", "041"),
    ("Naples", "081"),
)
"""Cities with their area codes."""

FIRST_NAMES = """
Alessia Antonio Beatrice Bruno Camilla Carlo Clara Dario Elisa Emma Fabio Federica Filippo Gaia
Giacomo Greta Irene Jonas Laura Leonardo Lucia Marta Matteo Nina Paola Pietro Renzo Silvia Simone
Sofia Stefano Teresa Tommaso Valeria Viola
"""
LAST_NAMES = """
Amato Barbieri Basile Bellini Benedetti Bernardi Carbone Cattaneo Colombo Coppola Esposito Fabbri
Fontana Galli Gentile Giordano Guerra Leone Longo Mariani Marini Martini Mazza Monti Neri Orlando
Pagano Parisi Pellegrini Riva Rizzo Ruggiero Sala Sartori Testa Vitale Weber
"""


class Caller(NamedTuple):
    """Somebody who calls: a number ("" when withheld) and a name ("" when nobody knows them)."""

    number: str
    name: str


def office_number(place: int, line: int) -> str:
    """A number that a company rents: the n-th company's, its n-th number."""
    area = CITIES[place % len(CITIES)][1]
    return f"+39{area}00{1237 + 113 * place:04}{line:02}"


def mobile_number(random: Random) -> str:
    """An Italian mobile number."""
    return f"+39395{random.randrange(1_000_000, 9_999_999)}"


def names(random: Random, count: int) -> list[str]:
    """Different names of people, at most as many as there are last names."""
    firsts, lasts = FIRST_NAMES.split(), LAST_NAMES.split()
    return [f"{random.choice(firsts)} {last}" for last in random.sample(lasts, count)]


def callers(random: Random, known: int, unknown: int) -> list[Caller]:
    """Those who call a company, the most frequent first.

    Args:
        random: the source of chance.
        known: how many have a name.
        unknown: how many have none.
    """
    found = [Caller(_outside_number(random), name) for name in names(random, known)]
    found += [Caller(_outside_number(random), "") for _ in range(unknown)]
    random.shuffle(found)
    return found


def _outside_number(random: Random) -> str:
    """Mostly mobiles, some offices, now and then somebody abroad."""
    kind = random.random()
    if kind < 0.65:
        return mobile_number(random)
    if kind < 0.88:
        area = random.choice(CITIES)[1]
        return f"+39{area}00{random.randrange(10_000, 99_999)}"
    abroad = ("+493023125", "+33199001", "+442079460")
    return f"{random.choice(abroad)}{random.randrange(100, 999)}"
