"""The rules of the commitment letter: delivered in time, replaced, returned, or the place lost."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.registration.domain.application.commitment import (
    DeliverCommitment,
    DeliveryFacts,
    ExpireCommitment,
    ReturnCommitment,
    ReturnFacts,
    deliver_commitment,
    return_commitment,
)
from services.registration.domain.application.decider import application
from services.registration.domain.application.participations import (
    AcceptanceFacts,
    ParticipationFacts,
)
from services.registration.domain.application.place import AcceptOffer, accept_offer
from services.registration.domain.application.renewal import RescheduleApplication
from services.registration.domain.application.state import (
    NOT_COMMITTED,
    TICK,
    Commitment,
    Status,
)
from services.registration.domain.document.state import Status as DocumentStatus
from services.registration.domain.exhibition.state import Status as ExhibitionStatus
from shared.contracts.event import Event
from shared.contracts.registration.application import ApplicationRescheduled, PlaceAccepted
from shared.contracts.registration.application_codes import CommitmentProblem
from shared.contracts.registration.commitment import (
    CommitmentDelivered,
    CommitmentExpired,
    CommitmentReturned,
)
from shared.contracts.registration.document import DocumentKind
from shared.kernel.decider import Deadline, Origin
from tests.given import NOW, When, given
from tests.registration.examples import (
    ACCEPTING,
    APPLICANT,
    APPLICATION,
    ATTENDED,
    CONFIRMED,
    CONFIRMING,
    ENDS_ON,
    FILED,
    LATEST_AT,
    OFFERING,
    STARTS_ON,
    SUBMITTED,
    WITHDRAWN,
    application_after,
    document_after,
)
from tests.registration.test_rescheduling import ENDS_LATER, STARTS_LATER

OWNER, CLERK, OFFICER, DAYS = "owner", "clerk", "officer", 7
DUE_AT = NOW + timedelta(days=DAYS)
SIGNED_ON = date(2018, 2, 1)
LETTER = document_after(
    FILED.model_copy(
        update={
            "document_kind": DocumentKind.COMMITMENT_LETTER,
            "issued_on": SIGNED_ON,
            "file": "f-1",
            "sha256": "ab12",
            "filed_by": CLERK,
        }
    )
)
OWING = (
    *OFFERING,
    PlaceAccepted(applicant=APPLICANT, slot=1, commitment_due_at=DUE_AT, accepted_by=OWNER),
)
DELIVERED = CommitmentDelivered(
    applicant=APPLICANT,
    document="d-9",
    signed_on=SIGNED_ON,
    file="f-1",
    sha256="ab12",
    filed_by=CLERK,
    delivered_by=OWNER,
)
COMMITTED = (*OWING, DELIVERED, CONFIRMED)
RETURNED = CommitmentReturned(
    applicant=APPLICANT,
    code=CommitmentProblem.NOT_SIGNED,
    due_at=DUE_AT,
    reason="no signature",
    returned_by=OFFICER,
)
EXPIRED = CommitmentExpired(applicant=APPLICANT)
AHEAD = ReturnFacts(exhibition=ExhibitionStatus.DECREED, starts_on=STARTS_ON)


def delivering(*past: Event, document: str = "d-9", facts: Any = None, **about: Any) -> When:
    """Deliver the letter as the applicant."""
    found = facts or DeliveryFacts(letter=LETTER, exhibition=ExhibitionStatus.VERIFIED)
    about = {"actor": OWNER} | about
    return given(application, *past).when(
        DeliverCommitment(document=document),
        rule=deliver_commitment,
        facts=found,
        subject=APPLICATION,
        **about,
    )


def returning(*past: Event, facts: ReturnFacts = AHEAD, **about: Any) -> When:
    """Return the letter as an officer."""
    command = ReturnCommitment(code=CommitmentProblem.NOT_SIGNED, reason="no signature")
    about = {"actor": OFFICER} | about
    return given(application, *past).when(
        command, rule=return_commitment, facts=facts, subject=APPLICATION, **about
    )


def expiring(*past: Event, now: datetime) -> When:
    """Let the letter's deadline pass by the sweep."""
    return given(application, *past).when(
        ExpireCommitment(), origin=Origin.SWEEP, subject=APPLICATION, now=now
    )


@pytest.mark.parametrize(
    ("days", "now", "due_at"),
    [
        (None, NOW, None),
        (DAYS, NOW, DUE_AT),
        (60, NOW + timedelta(days=30), LATEST_AT),
    ],
)
def test_an_acceptance_says_until_when_the_letter_is_due(
    days: int | None, now: datetime, due_at: datetime | None
) -> None:
    facts = AcceptanceFacts(
        participations=ParticipationFacts(applications=()),
        places_max=3,
        slot=1,
        commitment_days=days,
        starts_on=STARTS_ON,
    )
    late = OFFERING[-1].model_copy(update={"deadline_at": now})
    accepting = given(application, *OFFERING[:-1], late).when(
        AcceptOffer(), rule=accept_offer, facts=facts, now=now, actor=OWNER
    )
    accepting.then(
        PlaceAccepted(applicant=APPLICANT, slot=1, commitment_due_at=due_at, accepted_by=OWNER)
    )


def test_a_letter_that_is_awaited_has_a_deadline_and_one_that_came_has_none() -> None:
    state = application_after(*OWING)
    assert application.deadline(state) == Deadline(at=DUE_AT + TICK, command=ExpireCommitment())
    assert application.deadline(application_after(*ACCEPTING)) is None
    assert application.deadline(application_after(*OWING, DELIVERED)) is None
    assert application.deadline(application_after(*OWING, WITHDRAWN)) is None


def test_a_signed_letter_is_delivered_until_its_deadline() -> None:
    delivering(*OWING).then(DELIVERED)
    delivering(*OWING, now=DUE_AT).then(DELIVERED)
    state = application_after(*OWING, DELIVERED)
    assert state.status is Status.ACCEPTED
    assert state.commitment == Commitment(
        document="d-9", file="f-1", sha256="ab12", signed_on=SIGNED_ON
    )
    assert (CLERK in state.filed_by, state.answered_by) == (True, (OWNER,))


def test_a_letter_is_replaced_until_the_exhibition_runs() -> None:
    another = DELIVERED.model_copy(update={"document": "d-10"})
    delivering(*COMMITTED, document="d-10").then(another)
    delivering(*COMMITTED).then()
    running = DeliveryFacts(letter=LETTER, exhibition=ExhibitionStatus.RUNNING)
    delivering(*COMMITTED, document="d-10", facts=running).refused("exhibition-not-ahead")


def test_a_late_letter_is_refused_whether_it_was_swept_or_not() -> None:
    delivering(*OWING, now=DUE_AT + TICK).refused("commitment-too-late")
    delivering(*OWING, EXPIRED).refused("commitment-too-late")


@pytest.mark.parametrize(
    "past", [(SUBMITTED,), OFFERING, ACCEPTING, CONFIRMING, (*OWING, WITHDRAWN)]
)
def test_no_letter_is_delivered_that_is_not_awaited(past: tuple[Event, ...]) -> None:
    delivering(*past).refused("no-commitment-due")


def test_a_letter_of_an_unknown_application_is_not_found() -> None:
    delivering().refused("not-found")


@pytest.mark.parametrize(
    ("letter", "refusal"),
    [
        (replace(LETTER, document_kind=DocumentKind.IUMK), "no-letter"),
        (replace(LETTER, status=DocumentStatus.REVOKED), "letter-counts-no-more"),
        (replace(LETTER, status=DocumentStatus.SUPERSEDED), "letter-counts-no-more"),
        (replace(LETTER, file=""), "letter-without-file"),
        (replace(LETTER, issued_on=date(2018, 1, 31)), "signed-before-application"),
    ],
)
def test_only_a_signed_letter_with_its_file_counts(letter: Any, refusal: str) -> None:
    facts = DeliveryFacts(letter=letter, exhibition=ExhibitionStatus.VERIFIED)
    delivering(*OWING, facts=facts).refused(refusal)


def test_who_judged_the_application_does_not_deliver_its_letter() -> None:
    delivering(*COMMITTED, RETURNED, actor=OFFICER).refused("same-person")


def test_an_officer_returns_a_letter_and_another_one_is_awaited() -> None:
    returning(*COMMITTED).then(RETURNED)
    state = application_after(*COMMITTED, RETURNED)
    assert (state.status, state.commitment, state.reasons, state.words) == (
        Status.CONFIRMED,
        None,
        ("not-signed",),
        "no signature",
    )
    assert application.deadline(state) == Deadline(at=DUE_AT + TICK, command=ExpireCommitment())
    delivering(*COMMITTED, RETURNED).then(DELIVERED)
    assert application_after(*COMMITTED, RETURNED, DELIVERED).reasons == ()


def test_another_letter_must_come_before_the_first_day() -> None:
    late = LATEST_AT - timedelta(days=2)
    returning(*COMMITTED, now=late).then(RETURNED.model_copy(update={"due_at": LATEST_AT}))
    returning(*COMMITTED, now=LATEST_AT + TICK).refused("first-day-has-come")
    running = replace(AHEAD, exhibition=ExhibitionStatus.RUNNING)
    returning(*COMMITTED, facts=running).refused("exhibition-not-ahead")


def test_only_the_letter_of_a_confirmed_place_is_returned() -> None:
    for past in (OWING, (*OWING, DELIVERED), CONFIRMING, (*COMMITTED, RETURNED)):
        returning(*past).refused("no-commitment")
    returning().refused("not-found")


def test_who_acted_for_the_applicant_does_not_return_its_letter() -> None:
    for person in (OWNER, CLERK):
        returning(*COMMITTED, actor=person).refused("same-person")


def test_who_does_not_deliver_in_time_loses_the_place_and_its_slot() -> None:
    for past in (OWING, (*COMMITTED, RETURNED)):
        expiring(*past, now=DUE_AT + TICK).then(EXPIRED)
        expiring(*past, now=DUE_AT).then()
        state = application_after(*past, EXPIRED)
        assert (state.status, state.reasons) == (Status.LAPSED, (NOT_COMMITTED,))
        assert application.claims(state) == {}
    expiring(*COMMITTED, now=DUE_AT + TICK).then()
    expiring(*COMMITTED, RETURNED, ATTENDED, now=DUE_AT + TICK).then()


def test_a_letter_is_due_before_the_first_day_of_a_rescheduled_exhibition() -> None:
    checking = given(application, *OWING)
    soon = RescheduleApplication(starts_on=date(2018, 2, 5), ends_on=ENDS_ON)
    rescheduled = ApplicationRescheduled(
        applicant=APPLICANT,
        starts_on=soon.starts_on,
        valid_through=ENDS_ON,
        commitment_due_at=datetime(2018, 2, 4, 16, 59, 59, 999_000, tzinfo=UTC),
    )
    checking.when(soon, origin=Origin.REACTION).then(rescheduled)
    later = RescheduleApplication(starts_on=STARTS_LATER, ends_on=ENDS_LATER)
    moved = rescheduled.model_copy(
        update={
            "starts_on": STARTS_LATER,
            "valid_through": ENDS_LATER,
            "commitment_due_at": DUE_AT,
        }
    )
    checking.when(later, origin=Origin.REACTION).then(moved)
    assert application_after(*OWING, moved).commitment_due_at == DUE_AT
