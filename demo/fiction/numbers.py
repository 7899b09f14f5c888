"""Fictional numbers in the forms that the real ones have: NPWP, NIK, NIK Koperasi, documents.

They are made from a running number, so that no two enterprises share one; whether any of them
exists in the world is chance.
"""

from random import Random

BIRTH_YEARS = range(55, 96)
WOMEN_DAY_OFFSET = 40


def npwp(number: int, rng: Random) -> str:
    """15 digits as they are written: `01.234.567.8-901.000`."""
    head, middle = f"{number:06d}", f"{rng.randrange(1_000):03d}"
    return f"{rng.randrange(1, 99):02d}.{head[:3]}.{head[3:]}.{rng.randrange(10)}-{middle}.000"


def nik(number: int, province: str, rng: Random) -> str:
    """16 digits: region, date of birth (women: day + 40), serial that is not 0000."""
    day = rng.randrange(1, 29) + rng.choice((0, WOMEN_DAY_OFFSET))
    region = f"{province}{rng.randrange(1, 28):02d}{rng.randrange(1, 20):02d}"
    born = f"{day:02d}{rng.randrange(1, 13):02d}{rng.choice(BIRTH_YEARS):02d}"
    return f"{region}{born}{number % 9_999 + 1:04d}"


def nik_koperasi(number: int, province: str) -> str:
    """Return a certificate's number; its form is not published."""
    return f"{province}01-{number:07d}"


def document_number(kind: str, number: int, rng: Random) -> str:
    """Return a document's number: its kind, some digits, and its enterprise."""
    return f"{kind.replace('_', '-')}/{rng.randrange(1, 999):03d}/{number:04d}/2017"


def board_niks(number: int, province: str) -> list[str]:
    """Return the NIK of a cooperative's board; chance of its own, so nothing else changes."""
    rng = Random(f"board {number}")
    return [nik(number + member, province, rng) for member in range(3)]
