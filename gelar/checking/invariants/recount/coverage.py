"""The part of a programme that a section of the report covers; ratios in per cent."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from gelar.checking.invariants.answers import Part
from gelar.checking.invariants.topics import Fact, Topics


def covers(topics: Topics, part: Part) -> dict[str, Any]:
    """Return the part as a section shows it."""
    facts = topics.of("exhibition")[part.exhibition] if part.exhibition else []
    return {
        "programme": part.programme,
        "scope": part.scope or "ALL",
        "exhibition": part.exhibition,
        "name": name_of(facts) if facts else None,
    }


def of_scope(part: Part) -> Part:
    """Return the smallest part that has targets and an envelope: the scope."""
    return Part(part.programme, part.scope)


def name_of(facts: Iterable[Fact]) -> str:
    """Return the name of an exhibition: the last that an event gives it."""
    return str([fact.data["name"] for fact in facts if "name" in fact.data][-1])


def percent(part: int, whole: int | None) -> Decimal | None:
    """Return `part / whole` in per cent, two decimals, half up; None without a whole ("n/a")."""
    if not whole:
        return None
    return (Decimal(100 * part) / whole).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
