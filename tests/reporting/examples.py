"""The events and commands of the tests of reporting: `mihas-2018`, dollars and rupiah.

`NOW` of the test kit is 1 February 2018, 10:00 in Jakarta.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any, TypedDict

from services.reporting.domain.outcome.exchange import Valuation
from services.reporting.domain.outcome.reports import (
    OutcomeFacts,
    ReportFollowUp,
    ReportOutcome,
)
from services.reporting.domain.rate import Fixing
from shared.contracts.event import Event
from shared.contracts.reporting.outcome import OutcomeReported, Rung
from shared.contracts.words import Applicant, Province, Scope, SizeClass
from shared.kernel.view import Mirror, View

EXHIBITION, ENTERPRISE, OUTCOME = "mihas-2018", "e-1", "o-1"
FIXED_ON = date(2018, 1, 31)
USD = Fixing(currency="USD", fixed_on=FIXED_ON, rate=Decimal(13_413), source="JISDOR")


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


APPLICANT = applicant()
FACTS = OutcomeFacts(applicant=APPLICANT, attended=True, fixing=USD)

ORDER = ReportOutcome(
    application=f"{EXHIBITION}.{ENTERPRISE}",
    rung=Rung.ORDER_ON_SITE,
    amount=Decimal("100.00"),
    currency="USD",
    buyer_country="MY",
)
ORDER_VALUATION = Valuation(
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
    outcome=OUTCOME, applicant=APPLICANT, rung=Rung.ORDER_ON_SITE, **ORDER_VALUATION
)


def rupiah(amount: int, *, country: str = "ID") -> Valuation:
    """Return the valuation of an amount in rupiah, reported today."""
    return Valuation(
        amount=Decimal(amount),
        currency="IDR",
        buyer_country=country,
        rate=Decimal(1),
        rate_source="IDR",
        rate_on=date(2018, 2, 1),
        amount_idr=amount,
        devisa=country != "ID",
    )


def reported(
    amount: int, *, rung: Rung = Rung.POTENTIAL, by: Applicant = APPLICANT
) -> OutcomeReported:
    """Return the report of an outcome in rupiah."""
    return OutcomeReported(outcome=OUTCOME, applicant=by, rung=rung, **rupiah(amount))


def follow_up(amount: int) -> ReportFollowUp:
    """Return the command for a follow-up in rupiah from a buyer in Indonesia."""
    return ReportFollowUp(amount=Decimal(amount), currency="IDR", buyer_country="ID")


def folded(source: Mirror[Any, Any] | View[Any, Any], events: Sequence[Event]) -> Any:
    """Return the state of a mirror or view after these events."""
    return reduce(source.evolve, events, None)
