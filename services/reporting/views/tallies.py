"""The tallies: the figures of the programme, updated with each event and always exact.

A tally adds up what each document of a mirror or view contributes: numbers by measure ("attended"),
in a cell that its values of the dimensions ("programme", "scope") name. When a document changes,
its old contribution is subtracted and its new one added, so figures go down as well as up and equal
a count from scratch. Each tally is defined below its contribution, and its name is the stored name.

Sums and ratios are computed on read (`services.reporting.responses`). Each rung and status of
outcomes is a cell of its own: do not add them.
"""

from collections import Counter, defaultdict
from functools import reduce

from services.reporting.domain.outcome.state import Outcome, Posting, Status
from services.reporting.views.applications import Application, Attendance, applications
from services.reporting.views.budget import Allocation, Envelope, allocations, envelopes
from services.reporting.views.own import outcomes
from services.reporting.views.participation import Participant, both, participants
from services.reporting.views.registration import Exhibition, Phase
from services.reporting.views.registration import exhibitions as exhibition_mirror
from services.reporting.views.selection import Round, rounds
from shared.contracts.reporting.outcome import Rung
from shared.contracts.words import Scope, TargetScope
from shared.kernel.view import Cell, Contribution, Tally

SCOPE = ("programme", "scope")
EXHIBITION = (*SCOPE, "exhibition")
FOREIGN, HOME = "foreign", "home"
"""The values of the dimension `devisa`."""


def part_key(programme: str, scope: Scope | None = None, exhibition: str | None = None) -> str:
    """Return a value of the dimension `part`: a programme, a scope of it, or an exhibition."""
    return ".".join(filter(None, (programme, scope and scope.value, exhibition)))


def _measures(state: Application) -> dict[str, int]:
    applicant, attended = state.applicant, state.attendance is Attendance.ATTENDED
    return {
        "attended": int(attended),
        "contested": int(state.attendance is Attendance.CONTESTED),
        "absent": int(state.attendance is Attendance.ABSENT),
        "first_timers": int(attended and applicant.first_timer),
        "cooperatives": int(attended and applicant.cooperative),
    }


def _attendance(state: Application) -> Contribution:
    applicant = state.applicant
    cell = (applicant.programme, applicant.scope.value, applicant.exhibition)
    return {cell: _measures(state)} if state.attendance else {}


attendance = Tally(
    name="attendance", of=applications, dimensions=EXHIBITION, contribution=_attendance
)


def _breakdown(state: Application) -> Contribution:
    # Each participation counts in the three parts that have it, so a reader asks for one part and
    # gets its few rows: a cell for each exhibition, province, sector and size would be nearly a
    # cell for each participant.
    if state.attendance is None:
        return {}
    applicant = state.applicant
    programme, scope, exhibition = applicant.programme, applicant.scope, applicant.exhibition
    values = {
        "province": applicant.province.iso,
        "sector": applicant.sector,
        "size_class": applicant.size_class.value,
    }
    parts = {
        part_key(programme),
        part_key(programme, scope),
        part_key(programme, scope, exhibition),
    }
    measures = _measures(state)
    return {(part, by, value): measures for part in parts for by, value in values.items()}


breakdown = Tally(
    name="breakdown",
    of=applications,
    dimensions=("part", "by", "value"),
    contribution=_breakdown,
)


def _enterprises(state: Participant) -> Contribution:
    by_scope = {scope.value: each for scope, each in state.by_scope().items()}
    if by_scope:
        by_scope[TargetScope.ALL.value] = reduce(both, by_scope.values())
    return {
        (state.programme, scope): {
            "enterprises": 1,
            "first_timers": int(each.first_timer),
            "illustrative": int(each.illustrative),
        }
        for scope, each in by_scope.items()
    }


enterprises = Tally(
    name="enterprises", of=participants, dimensions=SCOPE, contribution=_enterprises
)


def _funnel(state: Application) -> Contribution:
    applicant = state.applicant
    cell = (applicant.programme, applicant.scope.value, applicant.exhibition)
    return {cell: dict.fromkeys(map(str, state.counted_stages), 1)}


funnel = Tally(name="funnel", of=applications, dimensions=EXHIBITION, contribution=_funnel)


def _seats(state: Round) -> Contribution:
    numbers = {
        "places": state.places,
        "selected": state.selected + state.promoted,
        "confirmed": state.confirmed,
        "lost": state.lost,
        "annex": state.annex,
    }
    return {(state.programme, state.scope.value, state.exhibition): numbers}


seats = Tally(name="seats", of=rounds, dimensions=EXHIBITION, contribution=_seats)


def _exhibitions(state: Exhibition) -> Contribution:
    numbers = {
        "proposed": 1,
        "called": int(state.held in (Phase.CALLED, Phase.HELD)),
        "held": int(state.held is Phase.HELD),
        "cancelled": int(state.held is Phase.CANCELLED),
    }
    return {(state.programme, state.scope.value): numbers}


exhibitions = Tally(
    name="exhibitions", of=exhibition_mirror, dimensions=SCOPE, contribution=_exhibitions
)


def _pagu(state: Envelope) -> Contribution:
    numbers = {
        "pagu_idr": state.pagu_idr,
        "blocked_idr": state.blocked_idr,
        "allotted_idr": state.allotted_idr,
    }
    return {(state.programme, state.scope.value): numbers}


pagu = Tally(name="pagu", of=envelopes, dimensions=SCOPE, contribution=_pagu)


def _use(state: Allocation) -> Contribution:
    numbers = {
        "ceiling_idr": state.ceiling_idr,
        "reserved_idr": state.reserved_idr,
        "contracted_idr": state.contracted_idr,
        "realised_idr": state.realised_idr,
        "sunk_idr": state.sunk_idr,
    }
    return {(state.programme, state.scope.value, state.exhibition): numbers}


use = Tally(name="use", of=allocations, dimensions=EXHIBITION, contribution=_use)


def _results(state: Outcome) -> Contribution:
    # Follow-ups of the same status and devisa share a cell, so their numbers are added.
    cells: dict[Cell, Counter[str]] = defaultdict(Counter)
    whole = cells[_result_cell(state, state.rung, state)]
    whole.update(count=1, amount_idr=state.amount_idr)
    for follow_up in state.follow_ups.values():
        cells[_result_cell(state, Rung.FOLLOW_UP_REALISED, follow_up)].update(
            count=1, amount_idr=follow_up.amount_idr
        )
        # A void follow-up realises nothing.
        if follow_up.status is not Status.VOID:
            whole[f"followed_up_{follow_up.status.lower()}_idr"] += follow_up.amount_idr
    return cells


def _result_cell(state: Outcome, rung: Rung, posting: Posting) -> Cell:
    applicant = state.applicant
    exhibition = (applicant.programme, applicant.scope.value, applicant.exhibition)
    return (*exhibition, rung.value, posting.status.value, FOREIGN if posting.devisa else HOME)


results = Tally(
    name="results",
    of=outcomes,
    dimensions=(*EXHIBITION, "rung", "status", "devisa"),
    contribution=_results,
)
