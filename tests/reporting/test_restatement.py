"""A restatement posts an outcome and its follow-ups again at the corrected rate, once."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given as anything
from hypothesis import strategies as st

from services.reporting.domain.outcome.decider import outcome
from services.reporting.domain.outcome.exchange import rupiah_of
from services.reporting.domain.outcome.follow_ups import report_follow_up
from services.reporting.domain.outcome.restatement import RestateOutcome
from services.reporting.domain.outcome.state import Outcome, Restatement, Status, evolve
from services.reporting.reactions import restate_outcomes
from shared.contracts.event import Event
from shared.contracts.reporting.outcome import (
    FollowUpReported,
    OutcomeRestated,
    OutcomeVoided,
    RestatedFollowUp,
    Rung,
)
from shared.contracts.reporting.rate import CorrectionCode, RateCorrected
from shared.kernel.decider import Addressed, Origin
from tests.given import When, context, given
from tests.reporting.examples import APPLICANT, FIXED_ON, FOLLOWING, ORDERED, OUTCOME, USD
from tests.reporting.test_follow_ups import usd
from tests.reporting.test_judgements import VERIFIED, VOIDED

RESTATE = RestateOutcome(rate_id="USD-2018-01-31", rate=Decimal(13_500), source="JISDOR")


def followed(amount: str, id: str, *past: Event) -> FollowUpReported:
    """Return the follow-up of the order of USD 100 with this id."""
    state = given(outcome, ORDERED, *past).state
    (event,) = report_follow_up(usd(amount), FOLLOWING, state, context(subject=OUTCOME, key=id))
    assert isinstance(event, FollowUpReported)
    return event.model_copy(update={"follow_up": id})


def restating(*past: Event, command: RestateOutcome = RESTATE) -> When:
    """Restate the outcome as the reaction does."""
    return given(outcome, *past).when(command, subject=OUTCOME, origin=Origin.REACTION)


FIRST = followed("50.10", "f-1")
SECOND = followed("49.90", "f-2", FIRST)
RESTATED = OutcomeRestated(
    outcome=OUTCOME,
    applicant=APPLICANT,
    rung=Rung.ORDER_ON_SITE,
    amount_idr=1_350_000,
    devisa=True,
    currency="USD",
    rate=Decimal(13_500),
    rate_source="JISDOR",
    rate_on=FIXED_ON,
    before_rate=USD.rate,
    before_idr=1_341_300,
    follow_ups=(
        RestatedFollowUp(follow_up="f-1", before_idr=671_991, amount_idr=676_350),
        RestatedFollowUp(follow_up="f-2", before_idr=669_309, amount_idr=673_650),
    ),
)


def test_a_corrected_rate_restates_every_outcome_that_it_names() -> None:
    event = RateCorrected(
        currency="USD",
        fixed_on=FIXED_ON,
        rate=Decimal(13_500),
        source="JISDOR",
        before=USD.rate,
        code=CorrectionCode.TYPING_ERROR,
        outcomes=("o-1", "o-2"),
    )
    assert restate_outcomes(event, None) == [
        Addressed(decider=outcome, id=id, command=RESTATE) for id in ("o-1", "o-2")
    ]


def test_an_outcome_is_posted_again_with_its_follow_ups() -> None:
    restating(ORDERED, FIRST, SECOND).then(RESTATED)
    state = given(outcome, ORDERED, VERIFIED, FIRST, SECOND, RESTATED).state
    assert isinstance(state, Outcome)
    assert (state.amount_idr, state.followed_up_idr) == (1_350_000, 1_350_000)
    assert state.rate == state.follow_ups["f-1"].rate == Decimal(13_500)
    assert state.restatements == (Restatement(rate=USD.rate, amount_idr=1_341_300),)
    assert (state.status, state.amount) == (Status.VERIFIED, Decimal("100.00"))


def test_a_restatement_comes_once() -> None:
    restating(ORDERED, FIRST, SECOND, RESTATED).then()


def test_a_void_outcome_or_another_rate_is_not_restated() -> None:
    restating(ORDERED, VOIDED).then()
    another = RestateOutcome(rate_id="USD-2018-01-30", rate=Decimal(1), source="JISDOR")
    restating(ORDERED, command=another).then()
    restating().then()


def test_another_source_of_the_same_rate_is_restated_too() -> None:
    same = RestateOutcome(rate_id=RESTATE.rate_id, rate=USD.rate, source="TAX")
    (event,) = restating(ORDERED, command=same).events()
    assert isinstance(event, OutcomeRestated)
    assert (event.amount_idr, event.rate_source) == (1_341_300, "TAX")


def test_a_void_follow_up_takes_nothing_of_the_rest() -> None:
    void = OutcomeVoided.model_validate(
        {
            **RESTATED.model_dump(),
            "follow_up": "f-1",
            "code": "other",
            "judged_on": FIXED_ON,
        }
    )
    (event,) = restating(ORDERED, FIRST, void).events()
    assert isinstance(event, OutcomeRestated)
    assert event.follow_ups[0].amount_idr == 676_350
    state = given(outcome, ORDERED, FIRST, void, event).state
    assert isinstance(state, Outcome)
    assert state.followed_up_idr == 0


@anything(
    st.lists(st.integers(min_value=1, max_value=6_000), max_size=6),
    st.integers(min_value=1, max_value=10**15),
)
def test_restated_follow_ups_never_exceed_their_outcome(cents: list[int], millionths: int) -> None:
    state = given(outcome, ORDERED).state
    left = 10_000
    for number, part in enumerate(cents):
        if part <= left:
            left -= part
            part_of_it = replace(usd(f"{part / 100:.2f}"), not_a_double=True)
            request = context(subject=OUTCOME, key=f"k-{number}")
            for event in report_follow_up(part_of_it, FOLLOWING, state, request):
                state = evolve(state, event)
    rate = Decimal(millionths).scaleb(-6)
    command = RestateOutcome(rate_id=RESTATE.rate_id, rate=rate, source="JISDOR")
    for event in outcome.decide(command, state, context(subject=OUTCOME)):
        state = evolve(state, event)
    assert isinstance(state, Outcome)
    assert state.amount_idr == rupiah_of(state.amount, rate)
    assert state.followed_up_idr <= state.amount_idr
    if not left:
        assert state.followed_up_idr == state.amount_idr
