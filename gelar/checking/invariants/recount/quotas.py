"""Quotas, counted again: who counts for which, and who gets the places under them.

The rule is that of the selection, by another way: each question whether minima can still be met is
answered by trying how many of each group of equal candidates get a place.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from gelar.checking.invariants.topics import Data

Codes = tuple[str, ...]
OWNER = "@"
"""The code of an owner begins so: of its applications only one gets a place."""

Stop = tuple[str | None, str]
Supply = tuple[tuple[Codes, int], ...]
Figures = tuple[tuple[str, int], ...]


class Chosen(NamedTuple):
    """The positions that get a place, those passed over with their quota and bound, and misses."""

    positions: list[int]
    stops: dict[int, Stop]
    missed: dict[str, int]


def codes_of(quotas: Iterable[Data], applicant: Data) -> Codes:
    """Return the codes of the quotas that count this applicant."""
    return tuple(quota["code"] for quota in quotas if _counts(quota["group"], applicant))


def _counts(group: Data, applicant: Data) -> bool:
    match group["form"]:
        case "sectors":
            return applicant["sector"] in group["sectors"]
        case "provinces":
            own = applicant["province"]["iso"]
            return any(province["iso"] == own for province in group["provinces"])
        case form:
            return bool(applicant[{"first-timers": "first_timer"}.get(form, "cooperative")])


def exceeded(taken: Iterable[Codes], quotas: Iterable[Data]) -> list[str]:
    """Return the codes of the quotas of which these applications take more than the maximum."""
    counts = Counter(code for codes in taken for code in codes)
    return [
        quota["code"]
        for quota in quotas
        if quota["maximum"] is not None and counts[quota["code"]] > quota["maximum"]
    ]


def chosen(
    candidates: Sequence[Codes], quotas: Sequence[Data], places: int, taken: Sequence[Codes] = ()
) -> Chosen:
    """Choose in order of rank, beside those who have a place already."""
    held, positions, stops = list(taken), list[int](), dict[int, Stop]()
    minima = _promised(candidates, quotas, places, taken)
    reasons: dict[tuple[int, Codes], Stop | None] = {}
    for position, codes in enumerate(candidates):
        if len(held) >= places:
            break
        if (len(held), codes) not in reasons:
            rest = candidates[position + 1 :]
            reasons[len(held), codes] = _reason([*held, codes], rest, quotas, places, minima)
        reason = reasons[len(held), codes]
        if reason is None:
            held.append(codes)
            positions.append(position)
        else:
            stops[position] = reason
    counts = Counter(code for codes in held for code in codes)
    missed = {quota["code"]: quota["minimum"] - counts[quota["code"]] for quota in quotas}
    return Chosen(positions, stops, {code: n for code, n in missed.items() if n > 0})


def _promised(
    candidates: Sequence[Codes], quotas: Sequence[Data], places: int, taken: Sequence[Codes]
) -> dict[str, int]:
    minima: dict[str, int] = {}
    for quota in quotas:
        code, minimum = quota["code"], quota["minimum"]
        while minimum and not _possible(
            taken, candidates, quotas, places, {**minima, code: minimum}
        ):
            minimum -= 1
        minima[code] = minimum
    return minima


def _reason(
    held: Sequence[Codes],
    rest: Sequence[Codes],
    quotas: Sequence[Data],
    places: int,
    minima: dict[str, int],
) -> Stop | None:
    full = exceeded(held, quotas)
    if full:
        return (None, "OWNER") if full[0].startswith(OWNER) else (full[0], "MAXIMUM")
    imposed: dict[str, int] = {}
    for code, minimum in minima.items():
        imposed[code] = minimum
        if not _possible(held, rest, quotas, places, imposed):
            return code, "MINIMUM"
    return None


def _possible(
    held: Sequence[Codes],
    rest: Sequence[Codes],
    quotas: Sequence[Data],
    places: int,
    minima: dict[str, int],
) -> bool:
    counts = Counter(code for codes in held for code in codes)
    needs = tuple((code, max(0, minimum - counts[code])) for code, minimum in minima.items())
    rooms = tuple(
        (quota["code"], quota["maximum"] - counts[quota["code"]])
        for quota in quotas
        if quota["maximum"] is not None
    )
    supply = tuple(sorted(Counter(rest).items()))
    return _met(places - len(held), needs, rooms, supply)


@lru_cache(maxsize=200_000)
def _met(places: int, needs: Figures, rooms: Figures, supply: Supply) -> bool:
    """Return True if some of the supply meet the needs within places and rooms."""
    wanted = {code: need for code, need in needs if need}
    if not wanted:
        return True
    members = {code: sum(n for codes, n in supply if code in codes) for code in wanted}
    if any(need > min(places, members[code]) for code, need in wanted.items()):
        return False
    groups = tuple(codes for codes, _ in supply)
    if any(sum(wanted.get(code, 0) for code in codes) > places for codes in _apart(groups)):
        return False
    (codes, number), rest = supply[0], supply[1:]
    most = min([number, places, *(room for code, room in rooms if code in codes)])
    most = min(most, max((wanted.get(code, 0) for code in codes), default=0))
    return any(
        _met(places - n, _less(needs, codes, n), _less(rooms, codes, n), rest)
        for n in range(most, -1, -1)
    )


@lru_cache(maxsize=10_000)
def _apart(groups: tuple[Codes, ...]) -> list[Codes]:
    """Return the sets of quotas of which no group has two, so that their needs add up."""
    codes = sorted({code for group in groups for code in group})
    together = {pair for group in groups for pair in combinations(sorted(group), 2)}
    found: list[Codes] = [()]
    for code in codes:
        found += [
            (*others, code)
            for others in found
            if not any((other, code) in together for other in others)
        ]
    return found


def _less(figures: Figures, codes: Codes, number: int) -> Figures:
    return tuple(
        (code, max(0, figure - number) if code in codes else figure) for code, figure in figures
    )
