"""The rules of suspicions: recorded once, judged by strangers to both, reversed by another."""

from typing import Any

from services.registration.domain.suspicion.decider import (
    SuspectDuplicate,
    attempt_id,
    suspicion,
)
from services.registration.domain.suspicion.state import Status, Suspicion
from services.registration.domain.suspicion.verdicts import (
    ConfirmDuplicate,
    DismissDuplicate,
    VerdictFacts,
    confirm_duplicate,
    dismiss_duplicate,
)
from services.registration.responses.suspicion import suspicion_response
from shared.contracts.ids import suspicion_id
from shared.contracts.registration.suspicion import (
    ConfirmationCode,
    DismissalCode,
    DuplicateConfirmed,
    DuplicateDismissed,
    LikenessFound,
    RefusedParty,
    SuspectedDuplicate,
    SuspicionGround,
)
from tests.given import When, given
from tests.registration.examples import JAKARTA, REGISTERED, enterprise_after

REGISTRAR, JUDGE = "registrar", "judge"
SUSPICION = suspicion_id("e-2", "e-1")
PAIR: dict[str, Any] = {"first": "e-1", "second": "e-2"}
ALIKE = LikenessFound(score=91, name=90, owner=92, same_province=True)
ATTEMPT = RefusedParty(
    name="Batik Lain",
    representative="Ibu Lain",
    province=JAKARTA,
    numbers=("NIB",),
    registrar=REGISTRAR,
)
SUSPECT = SuspectDuplicate(ground=SuspicionGround.LIKENESS, likeness=ALIKE)
SUSPECTED = SuspectedDuplicate(ground=SuspicionGround.LIKENESS, likeness=ALIKE, **PAIR)
REFUSED = SuspectedDuplicate(ground=SuspicionGround.NUMBER, refused="e-2", attempt=ATTEMPT, **PAIR)
CONFIRM = ConfirmDuplicate(code=ConfirmationCode.SAME_OWNER, reason="one shop")
DISMISS = DismissDuplicate(code=DismissalCode.SAME_FAMILY, reason="two sisters")
CONFIRMED = DuplicateConfirmed(
    code=ConfirmationCode.SAME_OWNER, reason="one shop", confirmed_by=JUDGE, **PAIR
)
DISMISSED = DuplicateDismissed(
    code=DismissalCode.SAME_FAMILY, reason="two sisters", dismissed_by=JUDGE, **PAIR
)
FACTS = VerdictFacts(declarers=frozenset({REGISTRAR}))


def confirming(*past: Any, **about: Any) -> When:
    """Confirm the suspicion after these events, as the judge unless `about` says another."""
    about = {"subject": SUSPICION, "actor": JUDGE, **about}
    return given(suspicion, *past).when(CONFIRM, rule=confirm_duplicate, facts=FACTS, **about)


def dismissing(*past: Any, **about: Any) -> When:
    """Dismiss the suspicion after these events, as the judge unless `about` says another."""
    about = {"subject": SUSPICION, "actor": JUDGE, **about}
    return given(suspicion, *past).when(DISMISS, rule=dismiss_duplicate, facts=FACTS, **about)


def after(*past: Any) -> Suspicion:
    """Return the suspicion after these events."""
    state = given(suspicion, *past).state
    assert isinstance(state, Suspicion)
    return state


def test_a_pair_is_suspected_once_whatever_the_verdict_is() -> None:
    given(suspicion).when(SUSPECT, subject=SUSPICION).then(SUSPECTED)
    for past in ((SUSPECTED,), (SUSPECTED, CONFIRMED), (SUSPECTED, DISMISSED), (REFUSED,)):
        given(suspicion, *past).when(SUSPECT, subject=SUSPICION).then()


def test_a_suspicion_is_confirmed_or_dismissed() -> None:
    confirming(SUSPECTED).then(CONFIRMED)
    dismissing(SUSPECTED).then(DISMISSED)
    assert after(SUSPECTED, CONFIRMED).joined == ("e-1", "e-2")
    assert after(SUSPECTED, DISMISSED).joined == ()


def test_a_verdict_that_stands_is_given_again_in_silence() -> None:
    confirming(SUSPECTED, CONFIRMED).then()
    confirming(SUSPECTED, CONFIRMED, actor="another").then()
    dismissing(SUSPECTED, DISMISSED, actor="another").then()


def test_a_verdict_is_reversed_by_another_person() -> None:
    words = "You gave the present verdict"
    confirming(SUSPECTED, DISMISSED).refused("same-person", words)
    dismissing(SUSPECTED, CONFIRMED).refused("same-person", words)
    confirmed = CONFIRMED.model_copy(update={"confirmed_by": "another"})
    confirming(SUSPECTED, DISMISSED, actor="another").then(confirmed)
    reversed_by = DISMISSED.model_copy(update={"dismissed_by": "another"})
    dismissing(SUSPECTED, CONFIRMED, actor="another").then(reversed_by)
    assert after(SUSPECTED, CONFIRMED, reversed_by).joined == ()
    # The verdict is now that of the other person, and so is its reversal.
    confirming(SUSPECTED, CONFIRMED, reversed_by).then(CONFIRMED)


def test_the_people_of_both_parties_give_no_verdict() -> None:
    for judging in (confirming, dismissing):
        judging(SUSPECTED, actor=REGISTRAR).refused("same-person")
        for party in ("e-1", "e-2"):
            judging(SUSPECTED, enterprise=party).refused("own-enterprise")
        judging().refused("not-found")


def test_a_refused_registration_joins_nothing() -> None:
    state = after(REFUSED, CONFIRMED)
    assert (state.status, state.joined) == (Status.CONFIRMED, ())


def test_an_attempt_has_one_name_with_every_newer_key() -> None:
    before, rotated = {"NIB": ("1",), "NPWP": ("2",)}, {"NPWP": ("2", "4"), "NIB": ("1", "3")}
    assert attempt_id("a", before) == attempt_id("a", rotated)
    others = {attempt_id("b", before), attempt_id("a", {"NIB": ("1",)})}
    assert attempt_id("a", before) not in others


def test_the_response_shows_both_parties_and_no_number() -> None:
    shown = suspicion_response(after(REFUSED, DISMISSED), (enterprise_after(REGISTERED), None))
    first, second = shown.parties
    assert (first.id, first.refused, first.name) == ("e-1", False, "Batik Fiktif")
    assert (second.id, second.refused, second.name) == ("e-2", True, "Batik Lain")
    assert (shown.numbers, shown.code, shown.words) == (("NIB",), "same-family", "two sisters")


def test_what_is_private_is_in_no_topic() -> None:
    public = " ".join(event.public_json() for event in (SUSPECTED, REFUSED, CONFIRMED, DISMISSED))
    for secret in ("Lain", "91", "NIB", "one shop", "two sisters", REGISTRAR, JUDGE):
        assert secret not in public
