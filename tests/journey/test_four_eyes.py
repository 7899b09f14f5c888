"""Play every pair of acts that two people must do, in all services, with all roles in each token.

Each case is the second act after the first, by a given actor; a stranger may do it and the person
of the first act may not.
"""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from services.budget.domain.envelope.decider import envelope
from services.registration.domain.enterprise.decider import enterprise
from services.reporting.domain.outcome.decider import outcome
from services.selection.domain.selection_round.decider import selection_round
from shared.contracts.roles import Role
from shared.kernel import four_eyes
from shared.kernel.four_eyes import PAIRS, Pair
from tests.budget import examples as money
from tests.budget import test_costs as costs
from tests.budget import test_four_eyes as contracts
from tests.budget import test_revisions as revisions
from tests.given import When, given
from tests.registration import examples as applied
from tests.registration import test_attendance as attendance
from tests.registration import test_check_in as check_ins
from tests.registration import test_judges as judges
from tests.registration import test_sanctions as sanctions
from tests.registration import test_suspicion as suspicions
from tests.reporting import examples as results
from tests.reporting import test_judgements as judgements
from tests.reporting import test_rate_correction as rates
from tests.reporting.test_rate import PROPOSED
from tests.selection import examples as rounds
from tests.selection import interests as conflicts
from tests.selection import objecting as disputes
from tests.selection import test_approvals as approvals
from tests.selection import test_officer_losses as losses
from tests.selection import test_proposal as proposals
from tests.selection.losses import REQUESTED

STRANGER = "someone-else"
EVERY_ROLE = frozenset(Role)


class Case(NamedTuple):
    """A pair, the person of its first act, and the second act by any actor."""

    pair: Pair
    first: str
    second: Callable[[str], When]


CASES = [
    Case(
        four_eyes.RECORD_AND_CORRECT,
        "tester",
        lambda actor: attendance.correcting(
            *applied.CONFIRMING, attendance.ABSENT, present=True, actor=actor, roles=EVERY_ROLE
        ),
    ),
    Case(
        four_eyes.CHECK_IN_AND_UNDO,
        "tester",
        lambda actor: check_ins.undoing(
            *applied.CONFIRMING,
            check_ins.ATTENDED,
            check_ins.checked_in(),
            actor=actor,
            roles=EVERY_ROLE,
        ),
    ),
    *(
        Case(pair, first, lambda actor: judges.verifying(actor, roles=EVERY_ROLE))
        for pair, first in (
            (four_eyes.DECLARE_AND_JUDGE, judges.REGISTRAR),
            (four_eyes.FILE_AND_JUDGE, judges.CLERK),
            (four_eyes.SUBMIT_AND_JUDGE, judges.OWNER),
        )
    ),
    Case(
        four_eyes.IMPOSE_AND_LIFT,
        sanctions.IMPOSER,
        lambda actor: given(enterprise, applied.REGISTERED, sanctions.IMPOSED).when(
            sanctions.LIFT, subject=applied.ENTERPRISE, actor=actor, roles=EVERY_ROLE
        ),
    ),
    Case(
        four_eyes.DECLARE_AND_DECIDE_DUPLICATE,
        suspicions.REGISTRAR,
        lambda actor: suspicions.confirming(suspicions.SUSPECTED, actor=actor, roles=EVERY_ROLE),
    ),
    Case(
        four_eyes.DECLARE_AND_DECIDE_DUPLICATE,
        suspicions.REGISTRAR,
        lambda actor: suspicions.dismissing(suspicions.SUSPECTED, actor=actor, roles=EVERY_ROLE),
    ),
    Case(
        four_eyes.GIVE_AND_REVERSE_VERDICT,
        suspicions.JUDGE,
        lambda actor: suspicions.dismissing(
            suspicions.SUSPECTED, suspicions.CONFIRMED, actor=actor, roles=EVERY_ROLE
        ),
    ),
    Case(
        four_eyes.ANSWER_AND_JUDGE,
        judges.COLLEAGUE,
        lambda actor: judges.recording(actor, roles=EVERY_ROLE),
    ),
    Case(
        four_eyes.JUDGE_AND_ANSWER,
        judges.OFFICER,
        lambda actor: judges.accepting(actor, roles=EVERY_ROLE),
    ),
    Case(
        four_eyes.CLOSE_AND_RETURN,
        rounds.CLOSER,
        lambda actor: given(selection_round, *rounds.CLOSED_SCORING).when(
            proposals.RETURN, actor=actor, roles=EVERY_ROLE
        ),
    ),
    *(
        Case(
            pair,
            first,
            lambda actor: given(selection_round, *rounds.PROPOSAL).when(
                proposals.APPROVE, **proposals.APPROVING, actor=actor, roles=EVERY_ROLE
            ),
        )
        for pair, first in (
            (four_eyes.PROPOSE_AND_APPROVE, rounds.OFFICER),
            (four_eyes.SCORE_AND_APPROVE, rounds.ANI),
        )
    ),
    Case(
        four_eyes.ENDORSE_AND_APPROVE,
        rounds.APPROVER,
        lambda actor: given(selection_round, *approvals.TWO_LEVELS, approvals.ENDORSED).when(
            proposals.APPROVE, **proposals.APPROVING, actor=actor, roles=EVERY_ROLE
        ),
    ),
    Case(
        four_eyes.OVERRIDE_AND_APPROVE,
        rounds.OFFICER,
        lambda actor: approvals.approving_override(actor, roles=EVERY_ROLE),
    ),
    Case(
        four_eyes.CONFLICT_AND_DECIDE,
        rounds.DEWI,
        lambda actor: given(
            selection_round, *rounds.CLOSED_SCORING, proposals.PROPOSED_WITH_CONFLICT
        ).when(proposals.APPROVE, **proposals.APPROVING, actor=actor, roles=EVERY_ROLE),
    ),
    *(
        Case(four_eyes.CONFLICT_AND_DECIDE, rounds.DEWI, second)
        for second in (conflicts.closing, conflicts.decreeing, conflicts.amending)
    ),
    Case(
        four_eyes.REQUEST_AND_DECIDE_LOSS,
        rounds.OFFICER,
        lambda actor: given(selection_round, *rounds.APPROVAL, REQUESTED).when(
            losses.APPROVE, actor=actor, roles=EVERY_ROLE
        ),
    ),
    *(
        Case(
            pair,
            first,
            lambda actor: given(selection_round, *disputes.OBJECTED).when(
                disputes.upholding(), actor=actor, roles=EVERY_ROLE
            ),
        )
        for pair, first in (
            (four_eyes.PROPOSE_AND_DECIDE_OBJECTION, rounds.OFFICER),
            (four_eyes.SCORE_AND_DECIDE_OBJECTION, rounds.ANI),
            (four_eyes.APPROVE_AND_DECIDE_OBJECTION, rounds.APPROVER),
        )
    ),
    Case(
        four_eyes.PROPOSE_AND_REVISE,
        money.OFFICER,
        lambda actor: given(envelope, money.OPENED, revisions.PROPOSED).when(
            revisions.APPROVE, actor=actor, roles=EVERY_ROLE
        ),
    ),
    Case(
        four_eyes.PROPOSE_AND_CORRECT_COST,
        money.OFFICER,
        lambda actor: given(envelope, money.OPENED, money.ALLOTTED, costs.PROPOSED).when(
            costs.CONFIRM, **costs.CONFIRMING, actor=actor, roles=EVERY_ROLE
        ),
    ),
    *(
        Case(
            pair,
            first,
            lambda actor: judgements.verifying(
                given(outcome, results.ORDERED), actor=actor, roles=EVERY_ROLE
            ),
        )
        for pair, first in (
            (four_eyes.REPORT_AND_VERIFY, results.REPORTER),
            (four_eyes.FIX_AND_VERIFY, results.FIXER),
        )
    ),
    Case(
        four_eyes.PROPOSE_AND_CONFIRM,
        "tester",
        lambda actor: rates.confirming(
            PROPOSED.rate, PROPOSED, facts=rates.NONE, actor=actor, roles=EVERY_ROLE
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.pair.first)
def test_the_person_of_the_first_act_does_not_do_the_second(case: Case) -> None:
    words = f"You {case.pair.first}, so you cannot {case.pair.second}"
    case.second(case.first).refused(case.pair.code, words)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.pair.first)
def test_another_person_does_the_second_act(case: Case) -> None:
    assert case.second(STRANGER).events()


def test_every_pair_is_played() -> None:
    # Those of contracts and payments are played in the tests of the budget.
    assert {case.pair for case in CASES} | contracts.BUDGET == set(PAIRS)
