"""Follow-ups: each has its status, and together they never exceed the outcome that they realise."""

from decimal import Decimal

import pytest
from hypothesis import given as anything
from hypothesis import strategies as st

from services.reporting.domain.outcome.decider import (
    CommandWithoutFacts,
    DisputeOutcome,
    VerifyOutcome,
    VoidOutcome,
    outcome,
)
from services.reporting.domain.outcome.reports import (
    FOLLOW_UPS_MAX,
    ReportFollowUp,
)
from services.reporting.domain.outcome.state import Outcome, Status, evolve
from shared.contracts.event import Event
from shared.contracts.reporting.outcome import (
    EvidenceKind,
    FollowUpReported,
    JudgementCode,
    OutcomeDisputed,
    OutcomeVerified,
    OutcomeVoided,
    Rung,
)
from shared.kernel.errors import Problem
from tests.given import Given, When, context, given
from tests.reporting.examples import (
    APPLICANT,
    ORDERED,
    OUTCOME,
    follow_up,
    reported,
    rupiah,
)


def followed(amount: int, id: str = "f-1") -> FollowUpReported:
    """Return the event of a follow-up in rupiah."""
    return FollowUpReported(
        outcome=OUTCOME,
        follow_up=id,
        applicant=APPLICANT,
        rung=Rung.FOLLOW_UP_REALISED,
        **rupiah(amount),
    )


def judged(cls: type[Event], amount: int, **more: object) -> Event:
    """Return a judgement of follow-up `f-1`; `more` replaces or adds fields."""
    fields = {
        "outcome": OUTCOME,
        "follow_up": "f-1",
        "kind_of_evidence": "other",
        "code": "other",
        "applicant": APPLICANT,
        "rung": Rung.FOLLOW_UP_REALISED,
        "amount_idr": amount,
        "devisa": False,
    }
    return cls.model_validate({**fields, **more})


def state_after(*events: Event) -> Outcome:
    """Return the state of the outcome after these events."""
    state = given(outcome, *events).state
    assert isinstance(state, Outcome)
    return state


def following(outcome: Given, amount: int) -> When:
    """Report a follow-up of this amount in rupiah."""
    return outcome.when(follow_up(amount), subject=OUTCOME)


def test_a_part_of_an_outcome_is_realised() -> None:
    when = given(outcome, reported(100)).when(follow_up(40), subject=OUTCOME)
    (event,) = when.events()
    assert isinstance(event, FollowUpReported)
    when.then(followed(40, event.follow_up))


def test_the_id_of_a_follow_up_derives_from_its_request_and_its_outcome() -> None:
    def name(subject: str, key: str) -> str:
        when = given(outcome, reported(100)).when(follow_up(1), subject=subject, key=key)
        (event,) = when.events()
        assert isinstance(event, FollowUpReported)
        return event.follow_up

    assert name("o-1", "k") == name("o-1", "k")
    assert len({name("o-1", "k"), name("o-1", "l"), name("o-2", "k")}) == 3


def test_follow_ups_realise_at_most_the_whole_outcome() -> None:
    past = given(outcome, reported(100), followed(40))
    following(past, 61).refused("parent-exceeded")
    assert following(past, 60).events()


def test_a_void_follow_up_makes_room_and_a_disputed_one_does_not() -> None:
    past = (reported(100), followed(100))
    disputed = given(outcome, *past, judged(OutcomeDisputed, 100, reason="?"))
    following(disputed, 1).refused("parent-exceeded")
    void = given(outcome, *past, judged(OutcomeVoided, 100, reason="?"))
    assert following(void, 100).events()


def test_a_retail_sale_has_no_follow_ups() -> None:
    sold = reported(100, rung=Rung.RETAIL_SALE)
    following(given(outcome, sold), 1).refused("no-follow-ups")


@pytest.mark.parametrize("rung", [Rung.POTENTIAL, Rung.ORDER_ON_SITE, Rung.TRADE_CONTRACT])
def test_the_other_rungs_can_be_followed_up(rung: Rung) -> None:
    past = given(outcome, reported(100, rung=rung))
    assert following(past, 1).events()


@pytest.mark.parametrize("cls", [OutcomeDisputed, OutcomeVoided])
def test_a_disputed_or_void_outcome_takes_no_follow_up(cls: type[Event]) -> None:
    own = judged(cls, 100, follow_up=None, rung=Rung.POTENTIAL, reason="?")
    given(outcome, reported(100), own).when(follow_up(1)).refused("not-standing")


def test_an_outcome_that_does_not_exist_takes_no_follow_up() -> None:
    following(given(outcome), 1).refused("not-found")


def test_the_number_of_follow_ups_of_an_outcome_is_limited() -> None:
    many = [followed(1, f"f-{number}") for number in range(FOLLOW_UPS_MAX)]
    past = given(outcome, reported(10_000), *many)
    following(past, 1).refused("too-many-follow-ups")


def test_a_follow_up_has_a_status_of_its_own() -> None:
    evidence = VerifyOutcome(kind_of_evidence=EvidenceKind.OTHER, evidence="B/L 4", follow_up="f-1")
    verified = judged(OutcomeVerified, 40, evidence="B/L 4")
    given(outcome, reported(100), followed(40)).when(evidence, subject=OUTCOME).then(verified)
    state = state_after(reported(100), followed(40), verified)
    assert (state.status, state.follow_ups["f-1"].status) == (Status.REPORTED, Status.VERIFIED)


def test_a_verified_outcome_does_not_verify_its_follow_ups() -> None:
    own = judged(OutcomeVerified, 100, follow_up=None, rung=Rung.POTENTIAL, evidence="MoU")
    for past in ((own, followed(40)), (followed(40), own)):
        state = state_after(reported(100), *past)
        assert state.status is Status.VERIFIED
        assert state.follow_ups["f-1"].status is Status.REPORTED


@pytest.mark.parametrize(
    "command",
    [
        VerifyOutcome(kind_of_evidence=EvidenceKind.OTHER, evidence="e", follow_up="f-9"),
        DisputeOutcome(code=JudgementCode.OTHER, reason="r", follow_up="f-9"),
        VoidOutcome(code=JudgementCode.OTHER, reason="r", follow_up="f-9"),
    ],
)
def test_a_follow_up_of_another_outcome_is_not_judged_here(command: object) -> None:
    given(outcome, reported(100), followed(40)).when(command).refused("no-such-follow-up")


def test_an_outcome_with_a_realised_part_is_not_voided() -> None:
    void = VoidOutcome(code=JudgementCode.OTHER, reason="entered twice")
    past = (reported(100), followed(40))
    given(outcome, *past).when(void, subject=OUTCOME).refused("has-follow-ups")
    freed = given(outcome, *past, judged(OutcomeVoided, 40, reason="?"))
    assert freed.when(void, subject=OUTCOME).events()


def part(amount: str, *past: Event) -> FollowUpReported:
    """Return the follow-up of an order of USD 100 at 13,413 after these events."""
    command = ReportFollowUp(amount=Decimal(amount), currency="USD", buyer_country="MY")
    (event,) = given(outcome, ORDERED, *past).when(command, subject=OUTCOME).events()
    assert isinstance(event, FollowUpReported)
    return event


def test_a_follow_up_has_the_rate_of_its_outcome() -> None:
    # Otherwise the whole amount could not be reported after the dollar has risen.
    whole = part("100")
    parent = state_after(ORDERED)
    assert (whole.amount_idr, whole.rate_on) == (1_341_300, parent.rate_on)
    assert (whole.rate, whole.rate_source, whole.devisa) == (Decimal(13_413), "JISDOR", True)


def test_the_cap_is_in_the_currency_and_the_last_part_takes_the_rupiah_that_are_left() -> None:
    # 50.10 x 13,413 = 671,991.3 and 49.90 x 13,413 = 669,308.7: rounded alone they are one rupiah
    # more or less than the whole.
    first = part("50.10")
    last = part("49.90", first)
    assert (first.amount_idr, last.amount_idr) == (671_991, 669_309)
    assert first.amount_idr + last.amount_idr == ORDERED.amount_idr
    thirds = [part("33.33")]
    for amount in ("33.33", "33.34"):
        more = [each.model_copy(update={"follow_up": str(n)}) for n, each in enumerate(thirds)]
        thirds.append(part(amount, *more))
    assert sum(each.amount_idr for each in thirds) == ORDERED.amount_idr
    too_much = ReportFollowUp(amount=Decimal("49.91"), currency="USD", buyer_country="MY")
    given(outcome, ORDERED, first).when(too_much, subject=OUTCOME).refused(
        "parent-exceeded", "only 49.90 of this outcome are left"
    )


@pytest.mark.parametrize("currency", ["MYR", "IDR"])
def test_a_follow_up_is_in_the_currency_of_its_outcome(currency: str) -> None:
    command = ReportFollowUp(amount=Decimal(1), currency=currency, buyer_country="MY")
    given(outcome, ORDERED).when(command, subject=OUTCOME).refused("other-currency", "in USD")


def test_a_follow_up_has_no_more_decimals_than_its_currency() -> None:
    command = ReportFollowUp(amount=Decimal("0.001"), currency="USD", buyer_country="MY")
    given(outcome, ORDERED).when(command, subject=OUTCOME).refused("too-many-decimals")


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["follow", "verify", "dispute", "void"]),
        st.integers(min_value=1, max_value=60),
        st.integers(min_value=0, max_value=6),
    ),
    max_size=30,
)


@anything(STEPS)
def test_follow_ups_never_exceed_their_outcome_in_any_order(
    steps: list[tuple[str, int, int]],
) -> None:
    state = state_after(reported(100))
    for number, (step, amount, index) in enumerate(steps):
        follow_up_id = [None, *state.follow_ups][index % (len(state.follow_ups) + 1)]
        judgements: dict[str, CommandWithoutFacts] = {
            "verify": VerifyOutcome(
                kind_of_evidence=EvidenceKind.OTHER, evidence="e", follow_up=follow_up_id
            ),
            "dispute": DisputeOutcome(code=JudgementCode.OTHER, reason="r", follow_up=follow_up_id),
            "void": VoidOutcome(code=JudgementCode.OTHER, reason="r", follow_up=follow_up_id),
        }
        request = context(subject=OUTCOME, key=f"k-{number}")
        try:
            if step == "follow":
                events = outcome.decide(follow_up(amount), state, request)
            else:
                events = outcome.decide(judgements[step], state, request)
        except Problem:
            continue
        for event in events:
            state = evolve(state, event)
        assert state.followed_up_idr <= state.amount_idr
        if state.status is Status.VOID:
            assert state.followed_up_idr == 0
