"""The programme of 2018 as it is loaded: exhibitions, places, money, targets, and the year before.

Where the client's text is ambiguous, nothing is decided here in silence: "700 KUKM" becomes a
target for both readings, enterprises and participations; the 30 overseas likewise; whether the 40
events are all or the domestic ones, the text leaves open, so ALL has no target for exhibitions.
Costs of a place, the revision, the block and what is late are ours.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from demo.programme_2018.exhibition import DOMESTIC, OVERSEAS, Exhibition
from demo.programme_2018.exhibitions import REAL
from demo.programme_2018.expos import illustrative_expos

YEAR = "2018"
TITLE = "Fasilitasi Promosi KUKM 2018: 700 KUKM at exhibitions at home and abroad"
DOCUMENT, SIGNED_ON = "Siaran Pers 20-01-2018", "2018-01-20"
"""The article from which the targets come: it gives no number, so this is its day."""
DIPA = "SP DIPA-044.01.1.400001/2018"
"""The document of the envelopes: a number of the usual form, and fictional like all of them."""

CALLS = (date(2018, 1, 24), date(2018, 4, 3), date(2018, 6, 21), date(2018, 9, 3))
"""The days on which the calls of the four rounds open (ours)."""

PAGU_IDR = {DOMESTIC: 50_000_000_000, OVERSEAS: 7_000_000_000}
PLACE_COST_IDR = {DOMESTIC: 65_000_000, OVERSEAS: 230_000_000}
"""The cost of a place (ours): together within the client's envelopes."""

REVISION_IDR = 500_000_000
"""Moved from the domestic envelope to the overseas one in June (ours)."""

TARGETS: tuple[dict[str, Any], ...] = (
    {"scope": "ALL", "indicator": "ENTERPRISES", "value": 700},
    {"scope": "ALL", "indicator": "PARTICIPATIONS", "value": 700},
    {"scope": OVERSEAS, "indicator": "ENTERPRISES", "value": 30},
    {"scope": OVERSEAS, "indicator": "PARTICIPATIONS", "value": 30},
    {"scope": DOMESTIC, "indicator": "EXHIBITIONS", "value": 40},
    {"scope": OVERSEAS, "indicator": "EXHIBITIONS", "value": 2},
)
AMBIGUITIES = (
    "700 KUKM: enterprises or participations, so both readings are targets",
    "30 KUKM overseas: within the 700 or beside them, so DOMESTIC has no target of its own",
    "about 40 events: 40 in all or 40 + 2, so ALL has no target for exhibitions",
    "Chibimart or Moscow: Chibimart was called for, cancelled, and replaced by Moscow (ours)",
)


@dataclass(frozen=True, kw_only=True)
class Past:
    """The figures of 2017 for a scope, from the client's text; money is the transactions."""

    scope: str
    target: int
    realised: int
    outcome: str
    outcome_idr: int

    @property
    def percent(self) -> Decimal:
        """Capaian: realised / target x 100 %, two decimals, half up."""
        return _hundredths(Decimal(self.realised) * 100 / self.target)

    @property
    def each_idr_million(self) -> Decimal:
        """The outcome per participant in million rupiah, one decimal, half up."""
        return _tenths(Decimal(self.outcome_idr) / self.realised / 1_000_000)


PAST = (
    Past(
        scope=DOMESTIC,
        target=400,
        realised=467,
        outcome="transactions (transaksi)",
        outcome_idr=23_000_000_000,
    ),
    Past(
        scope=OVERSEAS,
        target=60,
        realised=109,
        outcome="foreign exchange (devisa)",
        outcome_idr=61_000_000_000,
    ),
)


@dataclass(frozen=True, kw_only=True)
class Scale:
    """The part of the programme that is played: exhibitions, and one place in `one_place_in`.

    `applicants` is the number of applications for a place.
    """

    exhibitions: tuple[str, ...] | None = None
    one_place_in: int = 1
    enterprises: int = 760
    applicants: Decimal = Decimal("1.6")


FULL = Scale()
SMALL = Scale(
    exhibitions=(
        "ifex-2018",
        "mihas-2018",
        "chibimart-summer-2018",
        "festival-indonesia-moscow-2018",
        "ntb-expo-2018",
    ),
    one_place_in=4,
    enterprises=60,
    applicants=Decimal("2.3"),
)
"""For development and tests: every story of the year, with a handful of enterprises."""


@dataclass(frozen=True, kw_only=True)
class Programme:
    """The programme that is played."""

    exhibitions: tuple[Exhibition, ...]
    enterprises: int
    applicants: Decimal

    @property
    def held(self) -> tuple[Exhibition, ...]:
        """The exhibitions that are not cancelled."""
        return tuple(
            exhibition for exhibition in self.exhibitions if exhibition.replaced_by is None
        )

    @property
    def planned_first(self) -> tuple[Exhibition, ...]:
        """The exhibitions that are planned in January: all but the later alternative of a slot."""
        replacements = {exhibition.replaced_by for exhibition in self.exhibitions}
        return tuple(item for item in self.exhibitions if item.id not in replacements)

    @property
    def calls(self) -> tuple[tuple[Exhibition, ...], ...]:
        """The exhibitions by the round of calls in which they are."""
        numbers = range(1, len(CALLS) + 1)
        return tuple(
            tuple(exhibition for exhibition in self.exhibitions if exhibition.call == n)
            for n in numbers
        )

    def allotted_idr(self, scope: str) -> int:
        """Return the cost of the exhibitions that are held."""
        return sum(
            exhibition.places * PLACE_COST_IDR[scope]
            for exhibition in self.held
            if exhibition.scope == scope
        )

    @property
    def late_idr(self) -> int:
        """The cost of the places that wait for money."""
        return sum(
            exhibition.late_places * PLACE_COST_IDR[exhibition.scope]
            for exhibition in self.exhibitions
        )

    @property
    def blocked_idr(self) -> int:
        """The block on the domestic envelope: it leaves less than the late places need."""
        pagu = PAGU_IDR[DOMESTIC] - REVISION_IDR
        short = PLACE_COST_IDR[DOMESTIC] // 2
        return pagu - (self.allotted_idr(DOMESTIC) - self.late_idr) - short

    @property
    def unblocked_idr(self) -> int:
        """The sum that is unblocked in autumn: all but a fifth."""
        return self.blocked_idr - self.blocked_idr // 5


def programme_of(scale: Scale = FULL) -> Programme:
    """Return the programme at this scale."""
    wanted = [*REAL, *illustrative_expos()]
    if scale.exhibitions is not None:
        wanted = [exhibition for exhibition in wanted if exhibition.id in scale.exhibitions]
    return Programme(
        exhibitions=tuple(_scaled(exhibition, scale.one_place_in) for exhibition in wanted),
        enterprises=scale.enterprises,
        applicants=scale.applicants,
    )


def applications_of(programme: Programme, exhibition: Exhibition) -> int:
    """Return the number of applicants; every third exhibition rounds it up."""
    exact = exhibition.places * programme.applicants
    position = programme.exhibitions.index(exhibition)
    return int(exact) + (1 if position % 3 == 0 and exact % 1 else 0)


def _scaled(exhibition: Exhibition, divisor: int) -> Exhibition:
    places = max(2, exhibition.places // divisor)
    late = min(exhibition.late_places, places // 3)
    return replace(exhibition, places=places, late_places=late)


def _hundredths(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _tenths(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
