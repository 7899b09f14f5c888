"""Check the rules that must hold after every step, and when no event is left to deliver."""

from collections import Counter
from typing import Any

from services.registration.domain.application.closing import CLOSABLE
from services.registration.domain.application.renewal import RENEWABLE, missing_rules
from services.registration.domain.application.submission import WITHDRAWABLE
from services.selection.domain.candidate.state import Status as Judged
from services.selection.domain.ranking.order import Standing, Terms, digest_of
from services.selection.domain.selection_round.state import Round, SeatStatus
from shared.contracts.budget.allocation import AllocationRepriced
from shared.contracts.calendar import day_before_ends
from shared.contracts.ids import enterprise_of, exhibition_of
from shared.contracts.registration.check_in import AttendanceRetracted
from shared.contracts.selection.round_seats import AnnexAmended, ParticipantsDecreed
from tests.journey.play import Play
from tests.journey.stage import BOOTHS, COMMITMENT_DAYS, ENVELOPE, UNIT
from tests.journey.world import World
from tests.registration.rule_sets import RULES
from tests.selection.choices import ranked
from tests.selection.disputing import check_disputes

ENDED = ("WITHDRAWN", "DECLINED", "OFFER_EXPIRED", "LAPSED", "CLOSED", "ABSENT")
CAME = ("CONFIRMED", "ATTENDED", "ABSENT")


def check_every_step(world: World) -> None:
    """Check the rules that hold at every instant, within documents and between them."""
    envelope = world.state("envelope", ENVELOPE)
    allotted = sum(envelope.allotted.values())
    assert envelope.pagu_idr - envelope.blocked_idr >= allotted, ("envelope over", envelope)
    for (kind, id), state in world.states.items():
        if kind == "allocation":
            assert 0 <= used(state) <= state.ceiling_idr, ("allocation over", id, state)
            _check_contracts(id, state)
            above = state.ceiling_idr - envelope.allotted.get(id, 0)
            assert above <= 0, ("ceiling above allotment", id, state, envelope)
        if kind == "floor-plan":
            taken = Counter(filter(None, state.booths.values()))
            most = max(taken.values(), default=0)
            assert most <= BOOTHS.shared_by, ("booth over", id, state)
            assert len(taken) <= BOOTHS.number, ("booths over", id, state)
        if kind == "round":
            assert len(state.live) <= max(state.places, 0), ("places", id, state)
            _check_quotas(world, id, state)
            check_disputes(state)


def _check_quotas(world: World, id: str, selection_round: Round) -> None:
    live = [world.state("candidate", application) for application in selection_round.live]
    for quota in selection_round.quotas:
        counted = sum(quota.counts(candidate.applicant) for candidate in live)
        most = selection_round.places if quota.maximum is None else quota.maximum
        assert counted <= most, ("quota exceeded", id, quota, selection_round)


def _check_contracts(id: str, allocation: Any) -> None:
    for contract in allocation.contracts.values():
        amounts = (0, contract.paid_idr, contract.ordered_idr, contract.amount_idr)
        assert list(amounts) == sorted(amounts), ("contract over", id, contract)
    costs = sum(contract.amount_idr for contract in allocation.contracts.values())
    assert costs == sum(allocation.contracted.values()), ("contracts differ", id, allocation)
    sunk = {place: allocation.contracted[place] for place in allocation.sunk}
    assert sunk == allocation.sunk, ("sunk differs", id, allocation)


def check_at_rest(world: World, play: Play) -> None:
    """Check that the services agree when no event is left to deliver."""
    envelope = world.state("envelope", ENVELOPE)
    for id in world.ids("allocation"):
        state = world.state("allocation", id)
        assert state.ceiling_idr == envelope.allotted.get(id, 0), ("ceilings differ", id, state)
    for id in world.ids("round"):
        _check_round(world, play, id, world.state("round", id))
        _check_booths(world, id, world.state("round", id))
    for id in world.ids("candidate"):
        _check_candidate(world, id)
    for id in world.ids("application"):
        is_cancelled = world.state("exhibition", exhibition_of(id)).status == "CANCELLED"
        after_decree = world.state("application", id).after_decree
        assert not (is_cancelled and after_decree), ("slot not returned", id)
        _check_days(world, id)
        state = world.state("application", id)
        assert not state.check_ins or state.status == "ATTENDED", ("days of no attendance", state)


def _check_booths(world: World, id: str, selection_round: Round) -> None:
    plan = world.state("floor-plan", id)
    listed = set(plan.booths) if plan else set()
    seats = selection_round.seats.items()
    confirmed = {enterprise_of(app) for app, seat in seats if seat is SeatStatus.CONFIRMED}
    assert listed == confirmed, ("floor plan differs", id, plan, selection_round)


def _check_days(world: World, id: str) -> None:
    application = world.state("application", id)
    if application.status not in WITHDRAWABLE:
        return
    call = world.state("exhibition", exhibition_of(id)).call
    assert application.valid_through == call.last_day, ("days differ", id, application, call)
    if application.status in RENEWABLE:
        missing = missing_rules(application, RULES.document_rules)
        due = application.renewal_due_at is not None
        assert (missing, bool(missing)) == (application.missing, due), ("unchecked", application)


def _check_candidate(world: World, id: str) -> None:
    status = world.state("application", id).status.value
    expected = Judged.WITHDRAWN if status == "WITHDRAWN" else Judged.ENTERED
    if status in ("DECLINED", "OFFER_EXPIRED", "LAPSED", "CLOSED"):
        expected = Judged.ENDED
    candidate = world.state("candidate", id)
    assert candidate.status is expected, ("candidate without its end", id, status, candidate)


def used(allocation: Any) -> int:
    """Return the rupiah that an allocation has reserved and contracted (paid or not)."""
    used_idr: int = sum(allocation.reserved.values()) + sum(allocation.contracted.values())
    return used_idr


def _check_round(world: World, play: Play, id: str, selection_round: Round) -> None:
    status = selection_round.status.value
    exhibition = world.state("exhibition", id)
    assert (status == "CANCELLED") == (exhibition.status.value == "CANCELLED"), ("one only", id)
    if status in ("APPROVED", "DECREED"):
        _check_ranking(world, play, id, selection_round)
    if status == "DECREED":
        assert _annex(world, id) == set(selection_round.live), (
            "annex differs from the seats",
            id,
            selection_round,
        )
    if status == "APPROVED":
        full = len(selection_round.live) >= selection_round.places_with_money
        full |= world.now > day_before_ends(selection_round.starts_on, selection_round.zone)
        assert full or not _eligible(world, selection_round), (
            "free seat with a reserve",
            id,
            selection_round,
        )
    if status in ("DECREED", "CANCELLED"):
        waiting = [
            application
            for application in world.ids("application")
            if exhibition_of(application) == id
            and world.state("application", application).status in CLOSABLE
        ]
        assert not waiting, ("without a result", id, waiting)
    if status not in ("AWAITED", "CANCELLED"):
        plan = (exhibition.plan.starts_on, exhibition.plan.ends_on)
        days = (selection_round.starts_on, selection_round.ends_on)
        assert days == plan, ("days differ", id, exhibition, selection_round)
    for application in selection_round.seats:
        _check_seat(world, id, application, selection_round)
    _check_money(world, id, selection_round)


def _eligible(world: World, selection_round: Round) -> list[str]:
    """Return the reserves that may take a free place without exceeding a quota."""
    applicants = {
        application: world.state("candidate", application).applicant
        for application in (*selection_round.live, *selection_round.reserve)
    }
    full = [
        quota
        for quota in selection_round.quotas
        if quota.maximum is not None
        and sum(quota.counts(applicants[application]) for application in selection_round.live)
        >= quota.maximum
    ]
    return [
        application
        for application in selection_round.reserve
        if not any(quota.counts(applicants[application]) for quota in full)
    ]


def _check_ranking(world: World, play: Play, id: str, selection_round: Round) -> None:
    # A candidate struck after the approval is withdrawn, and its seal stays as it was.
    sealed = play.sealed(id)
    assert selection_round.proposal is not None
    made = world.state("ranking", selection_round.proposal.ranking)
    scores = made.score_of()
    standings = [
        Standing(
            application=candidate.application,
            score=candidate.score if candidate.score is not None else -1,
            raw=candidate.score or 0,
            first_timer=candidate.first_timer,
            province=candidate.province,
            submitted_at=candidate.submitted_at,
            counts_for=candidate.counts_for,
        )
        for name, candidate in sealed.items()
        if name in scores
    ]
    assert all(sealed[name].closing == selection_round.closing for name in scores)
    terms = Terms(
        rubric=selection_round.rubric,
        threshold=selection_round.threshold,
        places=selection_round.places,
        quotas=selection_round.quotas,
        funds=made.terms.funds,
    )
    digest = digest_of(ranked(standings, terms), terms, selection_round.closing)
    assert digest == selection_round.proposal.digest, (
        "ranking does not recompute",
        id,
        selection_round,
    )


def _annex(world: World, id: str) -> set[str]:
    annex: set[str] = set()
    for event in world.log["round", id]:
        match event:
            case ParticipantsDecreed():
                annex |= set(event.annex)
            case AnnexAmended():
                annex -= {event.without}
            case _:
                pass
    return annex


def _check_seat(world: World, id: str, application: str, selection_round: Round) -> None:
    seat = selection_round.seats[application]
    applied = world.state("application", application)
    allocation = world.state("allocation", id)
    has_money = waits = sunk = unfunded = released = False
    if allocation is not None:
        has_money = application in allocation.reserved or application in allocation.contracted
        waits = application in allocation.waiting
        sunk = application in allocation.sunk
        # A place that was offered may lose its reservation to a corrected cost: it waits again.
        unfunded = waits and _was_unfunded(world, id, application)
        released = application in allocation.released
    status = applied.status.value
    match seat:
        case SeatStatus.WAITING | SeatStatus.ESCROWED:
            # It has money and no offer only while objections put its offer off.
            may_have = selection_round.window_open or seat is SeatStatus.ESCROWED
            put_off = may_have and application in selection_round.put_off
            good = status == "ELIGIBLE" and (put_off or waits) and (put_off or not has_money)
            good &= has_money or waits
        case SeatStatus.OFFERED:
            # An acceptance whose commitment letter is awaited confirms no seat yet.
            owes = status == "ACCEPTED" and applied.commitment_due_at is not None
            good = (status == "OFFERED" or owes) and (has_money or unfunded)
        case SeatStatus.CONFIRMED:
            # Who came although it was recorded as absent may wait for its money again, or an
            # officer released what it did not need, perhaps before its check-ins were undone.
            came = status == "ATTENDED" or _was_retracted(world, application)
            came &= waits or released
            committed = applied.commitment is not None or applied.commitment_due_at is not None
            assert committed == (COMMITMENT_DAYS[id] is not None), ("no letter", id, applied)
            good = status in CAME and (has_money or unfunded or status == "ABSENT" or came)
        case SeatStatus.LOST:
            ended = status in ENDED or applied.contested
            good = ended and not waits and (not has_money or sunk)
    assert good, ("disagree at rest", id, application, seat, applied, allocation)


def _was_retracted(world: World, application: str) -> bool:
    events = world.log["application", application]
    return any(isinstance(event, AttendanceRetracted) for event in events)


def _was_unfunded(world: World, id: str, application: str) -> bool:
    return any(
        isinstance(event, AllocationRepriced) and application in event.unfunded
        for event in world.log["allocation", id]
    )


def _check_money(world: World, id: str, selection_round: Round) -> None:
    allocation = world.state("allocation", id)
    if allocation is None:
        return
    if allocation.waiting and not allocation.closed:
        free = allocation.ceiling_idr - used(allocation)
        assert free < (allocation.unit_cost_idr or UNIT), ("money idle", id, allocation)
    held = {*allocation.reserved, *allocation.contracted, *allocation.waiting}
    assert held <= set(selection_round.seats), (
        "money without a seat",
        id,
        allocation,
        selection_round,
    )
    if selection_round.status.value == "CANCELLED":
        promised = {*allocation.reserved, *allocation.waiting}
        free = allocation.ceiling_idr - used(allocation)
        assert (promised, free) == (set(), 0), ("cancelled keeps money", id, allocation)
