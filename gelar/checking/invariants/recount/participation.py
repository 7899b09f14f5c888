"""Count from the events who took part."""

from collections.abc import Callable, Iterable
from typing import Any

from gelar.checking.invariants.answers import Part
from gelar.checking.invariants.recount.applications import Application, applications, in_part
from gelar.checking.invariants.recount.coverage import covers, percent
from gelar.checking.invariants.topics import Topics

Row = dict[str, Any]


def participation(topics: Topics, part: Part) -> Row:
    """Return who took part: totals, distinct enterprises, by province, sector and size class."""
    found = in_part(part, applications(topics).values())
    totals = _participation(found)
    return {
        "covers": covers(topics, part),
        **totals,
        "first_timer_percent": percent(totals["first_timers"], totals["attended"]),
        "distinct": _distinct(found),
        "by_province": _by(found, "province", lambda who: who["province"]["iso"]),
        "by_sector": _by(found, "sector", lambda who: str(who["sector"])),
        "by_size_class": _by(found, "size_class", lambda who: str(who["size_class"])),
    }


def _participation(found: Iterable[Application]) -> dict[str, int]:
    states = list(found)
    attended = [state for state in states if state.attended]
    return {
        "attended": len(attended),
        "contested": sum(state.contested for state in states),
        "absent": sum("participant-absent" in state.words for state in states),
        "first_timers": sum(state.applicant["first_timer"] for state in attended),
        "cooperatives": sum(state.applicant["cooperative"] for state in attended),
    }


def _distinct(found: Iterable[Application]) -> Row:
    attended = [state.applicant for state in found if state.attended]
    enterprises = {who["enterprise"] for who in attended}
    # A first-timer is one in each of its participations.
    first_timers = enterprises - {who["enterprise"] for who in attended if not who["first_timer"]}
    return {
        "enterprises": len(enterprises),
        "first_timers": len(first_timers),
        "first_timer_percent": percent(len(first_timers), len(enterprises)),
    }


def _by(found: Iterable[Application], name: str, value: Callable[[Row], str]) -> list[Row]:
    groups: dict[str, list[Application]] = {}
    for state in found:
        groups.setdefault(value(state.applicant), []).append(state)
    rows = [{name: key, **_participation(states)} for key, states in groups.items()]
    return [row for row in rows if any(row[measure] for measure in row if measure != name)]
