"""Load the facts of a command: the participant and its show, the rate, and equal sales.

The show's days and the applicant never change; a rate that is fixed changes only by a correction,
which waits until no report at the old rate is on its way (`domain/rate/correction`). Of two equal
sales that are reported in the same instant neither is seen by the other.
"""

from datetime import date, timedelta

from services.reporting.domain.outcome.days import Show, require_within
from services.reporting.domain.outcome.decider import outcome
from services.reporting.domain.outcome.follow_ups import FollowUpFacts
from services.reporting.domain.outcome.judgements import VerificationFacts
from services.reporting.domain.outcome.reports import OutcomeFacts, ReportOutcome
from services.reporting.domain.outcome.state import Outcome, Status, sale_of
from services.reporting.domain.rate.correction import OutcomesAtRate
from services.reporting.domain.rate.decider import rate
from services.reporting.domain.rate.fixing import NearestRate
from services.reporting.domain.rate.sources import working_day
from services.reporting.domain.rate.state import Fixing, rate_id
from services.reporting.domain.rate.state import Status as RateStatus
from services.reporting.views.applications import Stage, applications
from services.reporting.views.registration import exhibitions
from shared.contracts.codes import RUPIAH
from shared.contracts.ids import exhibition_of
from shared.kernel.decider import Context
from shared.kernel.errors import NotFound, NotYet, Unknown
from shared.service import Service

NAMED_MAX = 3
"""So many equal sales are named in a refusal."""

NEAREST_DAYS, NEAREST_RATES = 366, 600
"""The nearest rate is looked for in a year before a day, and in so many rates from then on."""


async def outcome_facts(service: Service, command: ReportOutcome, context: Context) -> OutcomeFacts:
    """Return what a report needs; raises `Unknown`, and `Refused` for a day outside the show."""
    application = await service.load(applications, command.application)
    if application is None:
        raise Unknown("application", command.application)
    show = await show_of(service, exhibition_of(command.application))
    # Before its rate is looked for: the rate of a wrong day would be asked for.
    require_within(show, command.occurred_on, context)
    return OutcomeFacts(
        applicant=application.applicant,
        # A contested participant has attended and sold: its outcomes count.
        attended=Stage.ATTENDED in application.stages,
        capacity=application.capacity,
        show=show,
        fixing=await _load_fixing(service, command.currency, command.occurred_on),
        doubles=await _equal_sales(service, command),
    )


async def show_of(service: Service, exhibition: str) -> Show:
    """Return the days of an exhibition; raises `Unknown`."""
    state = await service.load(exhibitions, exhibition)
    if state is None or state.starts_on is None or state.ends_on is None:
        raise Unknown("exhibition", exhibition)
    return Show(starts_on=state.starts_on, ends_on=state.ends_on, zone=state.zone)


async def follow_up_facts(service: Service, id: str) -> FollowUpFacts:
    """Return the show of an outcome and its attendance; raises `NotFound` and `Unknown`."""
    state = await load_outcome(service, id)
    return FollowUpFacts(
        show=await show_of(service, state.exhibition), attended=await _attended(service, state)
    )


async def verification_facts(service: Service, id: str) -> VerificationFacts:
    """Return the facts for the verification of an outcome; raises `NotFound`."""
    return await facts_of_verification(service, await load_outcome(service, id))


async def facts_of_verification(service: Service, state: Outcome) -> VerificationFacts:
    """Return the rate of an outcome as it is fixed now, and its attendance."""
    fixed = await service.load(rate, state.rate_id) if state.rate_id else None
    return VerificationFacts(
        fixing=fixed.fixing if fixed else None, attended=await _attended(service, state)
    )


async def _attended(service: Service, state: Outcome) -> bool:
    application = await service.load(applications, state.applicant.application)
    return application is not None and Stage.ATTENDED in application.stages


async def nearest_rate(service: Service, currency: str, day: date) -> NearestRate:
    """Return the rate of the nearest other day: within a year before it, or after it."""
    earliest = day - timedelta(days=min(NEAREST_DAYS, (day - date.min).days))
    found = await service.find(
        rate, after=rate_id(currency, earliest), limit=NEAREST_RATES, currency=currency
    )
    fixings = [
        each.state.fixing
        for each in found
        if each.state and each.state.fixing and each.state.fixed_on != day
    ]
    fixings.sort(key=lambda fixing: (abs(fixing.fixed_on - day), fixing.fixed_on))
    return NearestRate(fixing=fixings[0] if fixings else None)


async def outcomes_at_rate(service: Service, id: str) -> OutcomesAtRate:
    """Return the amounts of all outcomes that count at a rate."""
    # While the rate is in correction none comes to them: those on their way came within seconds.
    found = [each async for each in service.find_all(outcome, rate_id=id) if each.state is not None]
    return OutcomesAtRate(
        amounts={
            each.id: each.state.amount
            for each in found
            if each.state and each.state.status is not Status.VOID
        }
    )


async def load_outcome(service: Service, id: str) -> Outcome:
    """Return an outcome; raises `NotFound`."""
    state = await service.load(outcome, id)
    if state is None:
        raise NotFound("outcome", id)
    return state


async def _load_fixing(service: Service, currency: str, occurred_on: date) -> Fixing | None:
    if currency == RUPIAH:
        return None
    id = rate_id(currency, working_day(occurred_on))
    fixed = await service.load(rate, id)
    if fixed is None or fixed.fixing is None:
        raise NotYet(
            "unknown-rate",
            f"The rate {id} is not fixed yet: ask a reporting officer to fix it (POST /rates), "
            "then report this result again.",
        )
    if fixed.status is RateStatus.CORRECTING:
        raise NotYet(
            "rate-in-correction",
            f"The rate {id} is being corrected: report this result once another reporting officer "
            "has confirmed or rejected the correction.",
        )
    return fixed.fixing


async def _equal_sales(service: Service, command: ReportOutcome) -> tuple[str, ...]:
    sale = sale_of(command.application, command.rung, command)
    equal: list[str] = []
    async for found in service.find_all(outcome, sale=sale):
        if found.state and found.state.status is not Status.VOID:
            equal.append(found.id)
        if len(equal) == NAMED_MAX:
            break
    return tuple(equal)
