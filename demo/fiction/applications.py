"""Fictional applications: who applies where, what it will do, how curators will see it.

An enterprise applies to one exhibition at most in a round of calls and scope; so the participation
cap, which verification checks, cannot be passed by several applications at once.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from demo.fiction.enterprises import Enterprise
from demo.fiction.sales import Sale, sales
from demo.programme_2018.exhibition import OVERSEAS, Exhibition
from demo.programme_2018.programme import Programme, applications_of
from services.selection.rubrics import rubric_file

CURATORS = tuple(f"curator-{number:02d}" for number in range(1, 25))
PANEL_SIZE = 4
SHEETS = 3
LEVELS = range(1, 6)
CRITERIA = [criterion["code"] for criterion in rubric_file("kukm-2018-1")["criteria"]]


class Conduct(StrEnum):
    """The later conduct of an applicant."""

    ACCEPTS = "accepts"
    DECLINES = "declines"
    SILENT = "lets the offer expire"
    IGNORES_CORRECTION = "does not answer a request for a correction"
    WITHDRAWS_APPLICATION = "withdraws before verification"
    WITHDRAWS_CANDIDATE = "withdraws before scoring"
    WITHDRAWS_PROPOSED = "withdraws while the proposal waits for approval"
    WITHDRAWS_RESERVE = "withdraws from the reserve list"
    WITHDRAWS_PLACE = "withdraws an accepted place"
    WITHDRAWS_DECREED = "withdraws after the decree"
    NO_SHOW = "does not come"


CONDUCTS = {
    Conduct.ACCEPTS: 779,
    Conduct.DECLINES: 50,
    Conduct.SILENT: 35,
    Conduct.WITHDRAWS_APPLICATION: 20,
    Conduct.WITHDRAWS_CANDIDATE: 18,
    Conduct.WITHDRAWS_RESERVE: 20,
    Conduct.WITHDRAWS_PLACE: 18,
    Conduct.WITHDRAWS_DECREED: 15,
    Conduct.NO_SHOW: 45,
}
MERITS = {
    "A": (0, 0, 10, 45, 45),
    "B": (0, 3, 27, 50, 20),
    "C": (1, 9, 45, 38, 7),
    "D": (5, 30, 45, 18, 2),
}
"""How often a curator gives the levels 1 to 5 to such a product, in hundredths."""

DOMESTIC_MERITS = {"A": 15, "B": 37, "C": 36, "D": 12}
OVERSEAS_MERITS = {"A": 34, "B": 48, "C": 16, "D": 2}


@dataclass(frozen=True, kw_only=True)
class Application:
    """A fictional application.

    `capacity` 0 fails; with `corrected` it is declared only when asked for. `sheets` are one for
    each member of the panel, of which three score; `conflicted`: the first of them must not.
    """

    exhibition: str
    enterprise: int
    on_first_day: bool
    capacity: int
    corrected: bool
    conduct: Conduct
    sheets: tuple[dict[str, int], ...]
    conflicted: bool
    sales: tuple[Sale, ...]


def panel(exhibition: Exhibition, rng: Random) -> tuple[str, ...]:
    """Return the curators of an exhibition."""
    return tuple(sorted(rng.sample(CURATORS, PANEL_SIZE)))


def applications(
    programme: Programme, enterprises: Sequence[Enterprise], rng: Random
) -> dict[str, tuple[Application, ...]]:
    """Return the applications of each exhibition, in order of enterprise."""
    applied: Counter[int] = Counter()
    by_exhibition: dict[str, tuple[Application, ...]] = {}
    for call in programme.calls:
        busy: set[tuple[str, int]] = set()
        for exhibition in sorted(call, key=_choosiness):
            free = [
                enterprise
                for enterprise in enterprises
                if (exhibition.scope, enterprise.number) not in busy
            ]
            count = applications_of(programme, exhibition)
            chosen = _chosen(exhibition, free, count, applied, rng)
            busy |= {(exhibition.scope, item.number) for item in chosen}
            applied.update(item.number for item in chosen)
            by_exhibition[exhibition.id] = tuple(
                _application(exhibition, item, rng) for item in chosen
            )
    return _with_story(programme, enterprises, by_exhibition)


def _choosiness(exhibition: Exhibition) -> tuple[bool, int]:
    # An exhibition of few sectors chooses first: otherwise no applicant is left for it.
    return not exhibition.halal, len(exhibition.sectors) or 99


def _chosen(
    exhibition: Exhibition,
    free: Iterable[Enterprise],
    count: int,
    applied: Counter[int],
    rng: Random,
) -> list[Enterprise]:
    drawn = [
        (
            max(rng.randrange(10**9) for _ in range(_tickets(exhibition, enterprise, applied))),
            enterprise,
        )
        for enterprise in free
        if _fits(exhibition, enterprise) or rng.randrange(250) == 0
    ]
    drawn.sort(key=lambda pair: (-pair[0], pair[1].number))
    return sorted(
        (enterprise for _, enterprise in drawn[:count]), key=lambda enterprise: enterprise.number
    )


def _fits(exhibition: Exhibition, enterprise: Enterprise) -> bool:
    if exhibition.halal and not enterprise.halal:
        return False
    return not exhibition.sectors or enterprise.sector in exhibition.sectors


def _tickets(exhibition: Exhibition, enterprise: Enterprise, applied: Counter[int]) -> int:
    tickets = 1
    if enterprise.keen:
        tickets += 8
    if exhibition.province == enterprise.province:
        tickets += 8
    if exhibition.scope == OVERSEAS and enterprise.exports:
        tickets += 12
    if not applied[enterprise.number]:
        tickets += 3
    return tickets


def _application(exhibition: Exhibition, enterprise: Enterprise, rng: Random) -> Application:
    overseas = exhibition.scope == OVERSEAS
    merits = OVERSEAS_MERITS if overseas else DOMESTIC_MERITS
    merit = rng.choices(list(merits), list(merits.values()))[0]
    return Application(
        exhibition=exhibition.id,
        enterprise=enterprise.number,
        on_first_day=rng.randrange(100) < 45,
        capacity=0 if rng.randrange(100) < 2 else rng.randrange(50, 5_000, 10),
        corrected=rng.randrange(100) < 4,
        conduct=rng.choices(list(CONDUCTS), list(CONDUCTS.values()))[0],
        sheets=tuple(_sheet(MERITS[merit], rng) for _ in range(PANEL_SIZE)),
        conflicted=rng.randrange(100) < 3,
        sales=sales(exhibition, rng),
    )


def _sheet(weights: Sequence[int], rng: Random) -> dict[str, int]:
    return dict(zip(CRITERIA, rng.choices(LEVELS, weights, k=len(CRITERIA)), strict=True))


def _with_story(
    programme: Programme,
    enterprises: Sequence[Enterprise],
    by_exhibition: dict[str, tuple[Application, ...]],
) -> dict[str, tuple[Application, ...]]:
    """Give three applications of the largest exhibition a story of their own.

    The first gives up while its round's proposal waits, which voids the proposal; the second never
    answers a request for a correction, which rejects it after its deadline; the third is selected
    for certain and withdraws after the decree, which amends its annex.
    """
    largest = max(programme.calls[0], key=lambda call: call.places).id
    sound = {
        enterprise.number
        for enterprise in enterprises
        if enterprise.sound and enterprise.late_document is None
    }
    story = list(by_exhibition[largest])
    first, *others = [
        position
        for position, application in enumerate(story)
        if application.enterprise in sound and application.capacity and not application.corrected
    ]
    # Those with another conduct come last: it may be the only one of its kind.
    others.sort(key=lambda other: story[other].conduct is not Conduct.ACCEPTS)
    second, third, *_ = others
    story[first] = replace(story[first], conduct=Conduct.WITHDRAWS_PROPOSED)
    silent = replace(story[second], conduct=Conduct.IGNORES_CORRECTION, on_first_day=True)
    story[second] = silent
    best = tuple(dict.fromkeys(sheet, LEVELS[-1]) for sheet in story[third].sheets)
    story[third] = replace(story[third], conduct=Conduct.WITHDRAWS_DECREED, sheets=best)
    return {**by_exhibition, largest: tuple(story)}
