"""The response about the proposal of a round; lists are private until they are approved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.selection.domain.ranking.state import Ranking
from services.selection.domain.selection_round.judgement import Proposal
from services.selection.domain.selection_round.state import (
    Round,
    Status,
)
from services.selection.responses.candidate import DECIDING
from services.selection.responses.choice import Certificate, Price, certificate, prices
from shared.contracts.registration.quota import Bound, Quota, Shortfall
from shared.contracts.roles import Role
from shared.contracts.selection.approval import Override
from shared.contracts.selection.choice import Funds
from shared.contracts.selection.round import DeclaredConflict
from shared.contracts.selection.rubric import Deciding


@dataclass(frozen=True, kw_only=True)
class RankedCandidate:
    """A candidate in a ranked list, with the score that ranks, in hundredths of a point.

    `raw` is the mean of its totals, `calibrated` is without the severity of its curators, or null.
    `not_passed` are the gates of the rubric that it does not pass.
    """

    application: str
    score: int
    raw: int
    calibrated: int | None
    not_passed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PassedOverCandidate:
    """A reserve that a bound keeps from a place which a lower rank gets, or none."""

    application: str
    quota: str | None
    bound: Bound


@dataclass(frozen=True, kw_only=True)
class ProposalResponse:
    """The proposal: the content of the digest, its scorers, its proposer, declared conflicts.

    `method` names the method of the `ranking`. `deciding` is the score that was to rank; `guard`
    says why there is no calibrated one (`none`: there is), and `leniency` by how many hundredths
    the sheets of each curator are above those of others. `funds` are null if no money was allotted.
    `shortfalls` are minima that are missed, because there are too few candidates for them.
    `certificate` proves the choice, and `prices` say what each constraint that binds it costs.
    """

    ranking: str
    method: str
    digest: str
    closing: int
    rubric: str
    threshold: int
    places: int
    quotas: tuple[Quota, ...]
    funds: Funds | None
    deciding: Deciding
    guard: str
    leniency: Mapping[str, int]
    selected: tuple[RankedCandidate, ...]
    reserve: tuple[RankedCandidate, ...]
    below: tuple[RankedCandidate, ...]
    overrides: tuple[Override, ...]
    passed_over: tuple[PassedOverCandidate, ...]
    shortfalls: tuple[Shortfall, ...]
    certificate: Certificate
    prices: tuple[Price, ...]
    scored_by: tuple[str, ...]
    proposed_by: str
    conflicts: tuple[DeclaredConflict, ...]


def may_see_proposal(state: Round, *, roles: frozenset[str]) -> bool:
    """Return True for officers and approvers, and for an auditor once it is approved."""
    awaits_approval = state.status is Status.PROPOSED
    return not awaits_approval or bool(roles & (DECIDING - {Role.AUDITOR}))


def proposal_response(proposal: Proposal, ranking: Ranking) -> ProposalResponse:
    """Return the proposal of a round; the caller checks `may_see_proposal` first."""
    return ProposalResponse(
        ranking=proposal.ranking,
        method=ranking.method,
        digest=proposal.digest,
        closing=ranking.closing,
        rubric=ranking.terms.rubric,
        threshold=ranking.terms.threshold,
        places=ranking.terms.places,
        quotas=ranking.terms.quotas,
        funds=ranking.terms.funds,
        deciding=ranking.terms.deciding,
        guard=ranking.guard,
        leniency=ranking.leniency,
        selected=_ranked(ranking.selected, ranking),
        reserve=_ranked(ranking.reserve, ranking),
        below=_ranked(ranking.below, ranking),
        overrides=ranking.terms.overrides,
        passed_over=_passed_over(ranking),
        shortfalls=ranking.shortfalls,
        certificate=certificate(ranking),
        prices=prices(ranking.marginals, ranking.applications),
        scored_by=proposal.scored_by,
        proposed_by=proposal.proposed_by,
        conflicts=proposal.conflicts,
    )


def _passed_over(ranking: Ranking) -> tuple[PassedOverCandidate, ...]:
    reserve = ranking.reserve
    found = {
        number: PassedOverCandidate(
            application=reserve[number - 1], quota=each.quota, bound=each.bound
        )
        for each in ranking.reserves_passed_over
        for number in each.numbers
    }
    return tuple(found[number] for number in sorted(found))


def _ranked(applications: Sequence[str], ranking: Ranking) -> tuple[RankedCandidate, ...]:
    scores, gates = ranking.score_of(), ranking.gates_not_passed
    raw, calibrated = ranking.raw_of(), ranking.calibrated_of()
    return tuple(
        RankedCandidate(
            application=application,
            score=scores[application],
            raw=raw[application],
            calibrated=calibrated.get(application),
            not_passed=gates.get(application, ()),
        )
        for application in applications
    )
