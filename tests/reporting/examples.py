"""The events and commands of the tests of reporting: `mihas-2018`, dollars and rupiah.

`NOW` of the test kit is 1 February 2018, 10:00 in Jakarta; the show here is the five days before.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any, TypedDict

from services.reporting.domain.outcome.days import Show
from services.reporting.domain.outcome.exchange import Valuation
from services.reporting.domain.outcome.follow_ups import FollowUpFacts, ReportFollowUp
from services.reporting.domain.outcome.reports import OutcomeFacts, ReportOutcome
from services.reporting.domain.rate.state import Fixing
from shared.contracts.event import Event
from shared.contracts.registration.exhibition import ExhibitionPlanned
from shared.contracts.reporting.outcome import OutcomeReported, Rung
from shared.contracts.words import Applicant, Province, Scope, SizeClass
from shared.kernel.view import Mirror, View

EXHIBITION, ENTERPRISE, OUTCOME = "mihas-2018", "e-1", "o-1"
FIXED_ON, TODAY = date(2018, 1, 31), date(2018, 2, 1)
SHOW = Show(starts_on=date(2018, 1, 27), ends_on=FIXED_ON)
FOLLOWING = FollowUpFacts(show=SHOW, attended=True)
REPORTER, FIXER = "reporter", "fixer"
USD = Fixing(
    currency="USD", fixed_on=FIXED_ON, rate=Decimal(13_413), source="JISDOR", fixed_by=FIXER
)


class About(TypedDict):
    """The fields that every event of an exhibition and its round has."""

    exhibition: str
    programme: str
    scope: Scope


def about(exhibition: str = EXHIBITION, scope: Scope = Scope.OVERSEAS) -> About:
    """Return these fields of an exhibition of 2018."""
    return About(exhibition=exhibition, programme="2018", scope=scope)


def applicant(
    enterprise: str = ENTERPRISE,
    exhibition: str = EXHIBITION,
    *,
    scope: Scope = Scope.OVERSEAS,
    province: str = "31",
    first_timer: bool = True,
) -> Applicant:
    """Return a participant of an exhibition."""
    return Applicant(
        **about(exhibition, scope),
        enterprise=enterprise,
        province=Province(system="BPS", edition="2018", code=province),
        sector="14",
        size_class=SizeClass.SMALL,
        cooperative=False,
        first_timer=first_timer,
    )


PLANNED = ExhibitionPlanned(
    name="MIHAS 2018",
    venue="MITEC",
    starts_on=SHOW.starts_on,
    ends_on=SHOW.ends_on,
    places=30,
    **about(),
)
APPLICANT = applicant()
FACTS = OutcomeFacts(applicant=APPLICANT, attended=True, capacity=0, show=SHOW, fixing=USD)

ORDER = ReportOutcome(
    application=f"{EXHIBITION}.{ENTERPRISE}",
    rung=Rung.ORDER_ON_SITE,
    occurred_on=FIXED_ON,
    amount=Decimal("100.00"),
    currency="USD",
    buyer_country="MY",
)
ORDER_VALUATION = Valuation(
    occurred_on=FIXED_ON,
    amount=Decimal("100.00"),
    currency="USD",
    buyer_country="MY",
    rate=Decimal(13_413),
    rate_source="JISDOR",
    rate_on=FIXED_ON,
    amount_idr=1_341_300,
    devisa=True,
)
ORDERED = OutcomeReported(
    outcome=OUTCOME,
    applicant=APPLICANT,
    rung=Rung.ORDER_ON_SITE,
    reported_by=REPORTER,
    **ORDER_VALUATION,
)


def rupiah(amount: int, *, country: str = "ID", on: date = FIXED_ON) -> Valuation:
    """Return the valuation of an amount in rupiah, by default of the last day of the show."""
    return Valuation(
        occurred_on=on,
        amount=Decimal(amount),
        currency="IDR",
        buyer_country=country,
        rate=Decimal(1),
        rate_source="IDR",
        rate_on=on,
        amount_idr=amount,
        devisa=country != "ID",
    )


def reported(
    amount: int, *, rung: Rung = Rung.POTENTIAL, by: Applicant = APPLICANT
) -> OutcomeReported:
    """Return the report of an outcome in rupiah."""
    return OutcomeReported(
        outcome=OUTCOME, applicant=by, rung=rung, reported_by=REPORTER, **rupiah(amount)
    )


def follow_up(amount: int, *, not_a_double: bool = False) -> ReportFollowUp:
    """Return the command for a follow-up in rupiah of today from a buyer in Indonesia."""
    return ReportFollowUp(
        occurred_on=TODAY,
        amount=Decimal(amount),
        currency="IDR",
        buyer_country="ID",
        not_a_double=not_a_double,
    )


def folded(source: Mirror[Any, Any] | View[Any, Any], events: Sequence[Event]) -> Any:
    """Return the state of a mirror or view after these events."""
    return reduce(source.evolve, events, None)
