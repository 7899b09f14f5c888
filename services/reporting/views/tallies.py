"""The figures, kept up to date with what they count: each says what one document contributes.

They go down as well as up, and always equal a count from scratch. Ratios are computed on read
(`services.reporting.responses`). Rungs and statuses of outcomes are cells of their own: they
must not be added.
"""

from collections import Counter, defaultdict

from services.reporting.domain.outcome.state import Outcome, Posting
from services.reporting.views.budget import Allocation, Envelope, allocations, envelopes
from services.reporting.views.own import outcomes
from services.reporting.views.participation import Participant, participants
from services.reporting.views.registration import (
    Application,
    Exhibition,
    Held,
    Stage,
    applications,
    exhibitions,
)
from services.reporting.views.selection import Round, rounds
from shared.contracts.reporting.outcome import Rung
from shared.contracts.words import TargetScope
from shared.kernel.view import Cell, Contribution, Tally

FOREIGN, HOME = "foreign", "home"


def _participation(state: Application) -> Contribution:
    who = state.applicant
    province = who.province
    cell = (
        who.programme,
        who.scope.value,
        who.exhibition,
        f"{province.system}-{province.edition}-{province.code}",
        who.sector,
        who.size_class.value,
    )
    numbers = {
        "attended": int(state.attended),
        "absent": int(Stage.ABSENT in state.stages),
        "contested": int(state.contested),
        "first_timers": int(state.attended and who.first_timer),
        "cooperatives": int(state.attended and who.cooperative),
    }
    return {cell: numbers} if any(numbers.values()) else {}


def _enterprises(state: Participant) -> Contribution:
    scopes = {scope.value for scope in state.scopes}
    if scopes:
        scopes.add(TargetScope.ALL.value)
    numbers = {"enterprises": 1, "first_timers": int(state.first_timer)}
    return {(state.programme, scope): numbers for scope in scopes}


def _funnel(state: Application) -> Contribution:
    who = state.applicant
    cell = (who.programme, who.scope.value, who.exhibition)
    return {cell: {stage.value: 1 for stage in state.stages}}


def _selected(state: Round) -> Contribution:
    numbers = {
        "places": state.places,
        "selected": state.selected + state.promoted,
        "confirmed": state.confirmed,
        "lost": state.lost,
        "annex": state.annex,
    }
    return {(state.programme, state.scope.value, state.exhibition): numbers}


def _exhibitions(state: Exhibition) -> Contribution:
    numbers = {
        "proposed": 1,
        "called": int(state.held in (Held.CALLED, Held.HELD)),
        "held": int(state.held is Held.HELD),
        "cancelled": int(state.held is Held.CANCELLED),
    }
    return {(state.programme, state.scope.value): numbers}


def _envelope(state: Envelope) -> Contribution:
    numbers = {
        "pagu_idr": state.pagu_idr,
        "blocked_idr": state.blocked_idr,
        "allotted_idr": state.allotted_idr,
    }
    return {(state.programme, state.scope.value): numbers}


def _allocation(state: Allocation) -> Contribution:
    numbers = {
        "ceiling_idr": state.ceiling_idr,
        "reserved_idr": state.reserved_idr,
        "contracted_idr": state.contracted_idr,
        "realised_idr": state.realised_idr,
        "sunk_idr": state.sunk_idr,
    }
    return {(state.programme, state.scope.value, state.exhibition): numbers}


def _outcome(state: Outcome) -> Contribution:
    numbers: dict[Cell, Counter[str]] = defaultdict(Counter)
    own = numbers[_result(state, state.rung, state)]
    own.update(count=1, amount_idr=state.amount_idr, followed_up_idr=state.followed_up_idr)
    for follow_up in state.follow_ups.values():
        cell = numbers[_result(state, Rung.FOLLOW_UP_REALISED, follow_up)]
        cell.update(count=1, amount_idr=follow_up.amount_idr)
    return numbers


def _result(state: Outcome, rung: Rung, posting: Posting) -> Cell:
    who = state.applicant
    devisa = FOREIGN if posting.devisa else HOME
    place = (who.programme, who.scope.value, who.exhibition)
    return (*place, rung.value, posting.status.value, devisa)


PLACE = ("programme", "scope", "exhibition")

participation = Tally(
    name="participation",
    of=applications,
    dimensions=(*PLACE, "province", "sector", "size_class"),
    contribution=_participation,
)
distinct = Tally(
    name="enterprises",
    of=participants,
    dimensions=("programme", "scope"),
    contribution=_enterprises,
)
funnel = Tally(name="funnel", of=applications, dimensions=PLACE, contribution=_funnel)
seats = Tally(name="seats", of=rounds, dimensions=PLACE, contribution=_selected)
calendar = Tally(
    name="exhibitions",
    of=exhibitions,
    dimensions=("programme", "scope"),
    contribution=_exhibitions,
)
pagu = Tally(name="pagu", of=envelopes, dimensions=("programme", "scope"), contribution=_envelope)
use = Tally(name="use", of=allocations, dimensions=PLACE, contribution=_allocation)
results = Tally(
    name="results",
    of=outcomes,
    dimensions=(*PLACE, "rung", "status", "devisa"),
    contribution=_outcome,
)
