"""The rules of the decree: the annex that was read, its day, and the amendments' documents."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.decree import (
    DecreeParticipants,
    RecordAmendment,
    annex_digest,
)
from shared.contracts.calendar import jakarta_date, jakarta_midnight
from shared.contracts.selection.round import RoundEvent, RoundOpened
from shared.contracts.selection.round_seats import AmendmentRecorded, AnnexAmended
from shared.kernel.decider import Origin
from tests.given import NOW, Given, given
from tests.selection.examples import (
    APPROVAL,
    CANCELLED,
    DECREE,
    DECREED,
    DIGEST_OF_NOTHING,
    OPENED,
    PROPOSAL,
    ROUND_FIELDS,
    A,
    B,
    C,
    confirmed,
    lost,
    offered,
    promoted,
)

CONFIRMED = (*APPROVAL, offered(B), confirmed(B))
AMENDED = AnnexAmended(without=B, **ROUND_FIELDS)
WITHOUT_B = (*DECREE, lost(B, "withdrawn"), AMENDED)
TODAY = jakarta_date(NOW)


def sign(past: Given, **changes: str | date) -> DecreeParticipants:
    """Return the decree of the annex as it is now."""
    command = DecreeParticipants(
        number="SK-7/2018", signed_on=TODAY, annex_digest=annex_digest(past.state)
    )
    return replace(command, **changes)  # type: ignore[arg-type] # the tests name the fields


def amend(past: Given, **changes: str | date) -> RecordAmendment:
    """Return the document of the amended annex as it is now."""
    command = RecordAmendment(
        number="SK-8/2018", signed_on=TODAY, annex_digest=annex_digest(past.state)
    )
    return replace(command, **changes)  # type: ignore[arg-type] # the tests name the fields


def test_the_decree_names_the_confirmed_and_takes_the_seats_without_money() -> None:
    past = given(selection_round, *CONFIRMED)
    past.when(sign(past)).then(DECREED, lost(C, "no-funds"))


def test_the_annex_is_in_the_order_of_the_seats() -> None:
    answers = (offered(C), confirmed(C), lost(B, "other"), promoted(A), offered(A), confirmed(A))
    past = given(selection_round, *APPROVAL, *answers)
    past.when(sign(past)).then(DECREED.model_copy(update={"annex": (C, A)}))


def test_no_decree_while_an_offer_is_open() -> None:
    past = given(selection_round, *CONFIRMED, offered(C))
    past.when(sign(past)).refused("offers-open", "GET /rounds/mihas-2018")


def test_no_decree_while_no_place_is_confirmed() -> None:
    past = given(selection_round, *APPROVAL)
    past.when(sign(past)).refused("nobody-confirmed", "GET /rounds/mihas-2018")


def test_no_decree_of_an_annex_that_has_changed_since_it_was_read() -> None:
    read = given(selection_round, *CONFIRMED)
    past = given(selection_round, *CONFIRMED, offered(C), confirmed(C))
    past.when(sign(read)).refused("annex-changed", "GET /rounds/mihas-2018/annex")
    past.when(sign(past, annex_digest=DIGEST_OF_NOTHING)).refused("annex-changed")


def test_a_decree_is_signed_from_the_day_of_the_approval_until_today() -> None:
    past = given(selection_round, *CONFIRMED)
    yesterday, tomorrow = (TODAY + timedelta(days=days) for days in (-1, 1))
    past.when(sign(past, signed_on=tomorrow)).refused("signed-in-the-future")
    past.when(sign(past, signed_on=yesterday)).refused("signed-before-approval", "2018-02-01")
    past.when(sign(past, signed_on=TODAY)).events()


def test_no_decree_after_the_last_day_of_the_exhibition() -> None:
    past = given(selection_round, *CONFIRMED)
    last = jakarta_midnight(past.state.ends_on + timedelta(days=1)) - timedelta(milliseconds=1)
    assert past.when(sign(past), now=last).events()
    late = past.when(sign(past), now=last + timedelta(milliseconds=1))
    late.refused("show-is-over", "2018-04-07")
    late.refused("show-is-over", "cancel the exhibition")
    ancient = OPENED.model_copy(update={"ends_on": RoundOpened.model_fields["ends_on"].default})
    past = given(selection_round, ancient, *CONFIRMED[1:])
    assert past.when(sign(past), now=last + timedelta(days=400)).events()


@pytest.mark.parametrize("past", [PROPOSAL, DECREE, (*APPROVAL, CANCELLED)])
def test_only_an_approved_selection_is_decreed_once(past: tuple[RoundEvent, ...]) -> None:
    state = given(selection_round, *past)
    state.when(sign(state)).refused("not-approved")
    state.when(sign(state), origin=Origin.REACTION).then()


def test_an_amendment_awaits_its_document_which_has_a_number_of_its_own() -> None:
    past = given(selection_round, *WITHOUT_B)
    decree = past.state.decree
    assert (decree.annex, decree.undocumented, decree.amendments) == ((), (B,), ())
    recorded = AmendmentRecorded(number="SK-8/2018", signed_on=TODAY, without=(B,), **ROUND_FIELDS)
    past.when(amend(past)).then(recorded)
    after = given(selection_round, *WITHOUT_B, recorded).state.decree
    assert after.undocumented == ()
    assert [amendment.number for amendment in after.amendments] == ["SK-8/2018"]
    given(selection_round, *WITHOUT_B, recorded).when(amend(past)).refused("nothing-to-record")


def test_an_amendment_has_another_number_than_the_decree_however_it_is_written() -> None:
    past = given(selection_round, *WITHOUT_B)
    for number in ("SK-7/2018", "sk-7 /2018"):
        past.when(amend(past, number=number)).refused("number-used")


def test_a_signed_document_may_amend_the_annex_several_times_but_has_one_day() -> None:
    decreed = DECREED.model_copy(update={"annex": (B, C)})
    documented = AmendmentRecorded(
        number="SK-8/2018", signed_on=TODAY, without=(B,), **ROUND_FIELDS
    )
    past = given(
        selection_round,
        *(*CONFIRMED, offered(C), confirmed(C), decreed),
        *(lost(B, "withdrawn"), AMENDED, documented, lost(C, "withdrawn")),
        AMENDED.model_copy(update={"without": C}),
    )
    past.when(amend(past, number="sk-8/2018")).then(
        documented.model_copy(update={"number": "sk-8/2018", "without": (C,)})
    )
    next_day = {"now": NOW + timedelta(days=1)}
    another = amend(past, signed_on=TODAY + timedelta(days=1))
    past.when(another, **next_day).refused("number-used")


def test_an_amendment_is_signed_from_the_day_of_the_decree_until_today() -> None:
    signed_later = DECREED.model_copy(update={"signed_on": TODAY + timedelta(days=1)})
    past = given(selection_round, *CONFIRMED, signed_later, lost(B, "withdrawn"), AMENDED)
    today, next_day, later = (TODAY + timedelta(days=days) for days in (0, 1, 2))
    then = {"now": NOW + timedelta(days=1)}
    past.when(amend(past, signed_on=later), **then).refused("signed-in-the-future")
    past.when(amend(past, signed_on=today), **then).refused("signed-before-decree")
    past.when(amend(past, signed_on=next_day), **then).events()


def test_an_amendment_names_the_annex_that_was_signed() -> None:
    past = given(selection_round, *WITHOUT_B)
    before = annex_digest(given(selection_round, *DECREE).state)
    past.when(amend(past, annex_digest=before)).refused("annex-changed")


@pytest.mark.parametrize("past", [APPROVAL, (*WITHOUT_B, CANCELLED)])
def test_only_a_decree_is_amended(past: tuple[RoundEvent, ...]) -> None:
    state = given(selection_round, *past)
    state.when(amend(state)).refused("not-decreed")
    state.when(amend(state), origin=Origin.REACTION).then()
