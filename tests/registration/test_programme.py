"""The rules of the programme: it is announced once; all its targets are replaced together."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from services.registration.domain.programme import (
    AnnounceProgramme,
    Programme,
    ReviseTargets,
    TargetsVersion,
    programme,
)
from services.registration.responses.programme import TargetChange, programme_response
from shared.contracts.registration.programme import (
    ProgrammeAnnounced,
    TargetsRevised,
    TargetsRevisionCode,
)
from shared.contracts.words import Indicator, Target, TargetScope
from tests.given import given

ENTERPRISES, EXHIBITIONS = Indicator.ENTERPRISES, Indicator.EXHIBITIONS
KUKM = Target(scope=TargetScope.ALL, indicator=Indicator.ENTERPRISES, value=700)
SHOWS = Target(scope=TargetScope.DOMESTIC, indicator=Indicator.EXHIBITIONS, value=40)
MORE = Target(scope=TargetScope.ALL, indicator=Indicator.ENTERPRISES, value=750)

ANNOUNCE = AnnounceProgramme(
    programme="2018",
    title="Pameran 2018",
    targets=(KUKM, SHOWS),
    document_number="RKT-1",
    signed_on=date(2017, 1, 1),
)
ANNOUNCED = ProgrammeAnnounced(
    programme="2018",
    title="Pameran 2018",
    targets=(KUKM, SHOWS),
    document_number="RKT-1",
    signed_on=date(2017, 1, 1),
)
WORDS = "Ibu Siti (0812-3456-7890) asked for it"
REVISE = ReviseTargets(
    targets=(MORE,),
    code=TargetsRevisionCode.BUDGET_CHANGED,
    reason=WORDS,
    document_number="RKT-2",
    signed_on=date(2018, 1, 31),
)
REVISED = TargetsRevised(
    programme="2018",
    targets=(MORE,),
    code=TargetsRevisionCode.BUDGET_CHANGED,
    reason=WORDS,
    document_number="RKT-2",
    signed_on=date(2018, 1, 31),
)


def test_a_programme_is_announced() -> None:
    given(programme).when(ANNOUNCE, subject="2018").then(ANNOUNCED)


def test_a_programme_is_announced_once() -> None:
    given(programme, ANNOUNCED).when(ANNOUNCE, subject="2018").refused("already-announced")


def test_targets_are_replaced_as_a_whole() -> None:
    given(programme, ANNOUNCED).when(REVISE, subject="2018").then(REVISED)
    state = given(programme, ANNOUNCED, REVISED).state
    first = TargetsVersion(
        targets=(KUKM, SHOWS), document_number="RKT-1", signed_on=date(2017, 1, 1)
    )
    second = TargetsVersion(
        targets=(MORE,),
        document_number="RKT-2",
        signed_on=date(2018, 1, 31),
        code=TargetsRevisionCode.BUDGET_CHANGED,
        words=WORDS,
    )
    assert state == Programme(title="Pameran 2018", versions=(first, second))


def test_each_version_of_the_targets_stays_readable_with_its_changes() -> None:
    back = REVISED.model_copy(
        update={"targets": (MORE, SHOWS), "document_number": "RKT-3", "reason": "back"}
    )
    shown = programme_response(given(programme, ANNOUNCED, REVISED, back).state, sees_words=True)
    assert [version.changes for version in shown.versions] == [
        (),
        (
            TargetChange(scope=TargetScope.ALL, indicator=ENTERPRISES, before=700, after=750),
            TargetChange(scope=TargetScope.DOMESTIC, indicator=EXHIBITIONS, before=40, after=None),
        ),
        (TargetChange(scope=TargetScope.DOMESTIC, indicator=EXHIBITIONS, before=None, after=40),),
    ]
    assert [version.targets for version in shown.versions] == [
        (KUKM, SHOWS),
        (MORE,),
        (MORE, SHOWS),
    ]
    assert [(each.number, each.document_number, each.words) for each in shown.versions] == [
        (1, "RKT-1", None),
        (2, "RKT-2", WORDS),
        (3, "RKT-3", "back"),
    ]
    assert (shown.targets, shown.document_number, shown.words) == ((MORE, SHOWS), "RKT-3", "back")


def test_the_words_of_no_version_are_shown_to_everybody() -> None:
    shown = programme_response(given(programme, ANNOUNCED, REVISED).state, sees_words=False)
    assert [version.words for version in shown.versions] == [None, None]
    assert (shown.words, shown.revised_because) == (None, TargetsRevisionCode.BUDGET_CHANGED)


def test_the_words_of_a_revision_are_in_no_topic() -> None:
    assert WORDS not in REVISED.public_json()
    assert '"code":"budget-changed"' in REVISED.public_json()
    assert given(programme, ANNOUNCED, REVISED).state.present.words == WORDS


@pytest.mark.parametrize(
    ("day", "now", "code"),
    [
        (date(2016, 12, 31), datetime(2018, 2, 1, 3, tzinfo=UTC), "outside-fiscal-year"),
        (date(2017, 1, 1), datetime(2018, 2, 1, 3, tzinfo=UTC), None),
        (date(2018, 2, 1), datetime(2018, 1, 31, 17, tzinfo=UTC), None),
        (date(2018, 2, 1), datetime(2018, 1, 31, 16, 59, tzinfo=UTC), "signed-in-the-future"),
        (date(2018, 12, 31), datetime(2019, 2, 1, 3, tzinfo=UTC), None),
        (date(2019, 1, 1), datetime(2019, 2, 1, 3, tzinfo=UTC), "outside-fiscal-year"),
    ],
)
def test_the_document_of_a_revision_is_of_its_year_or_the_one_before_and_signed(
    day: date, now: datetime, code: str | None
) -> None:
    command = replace(REVISE, signed_on=day)
    revising = given(programme, ANNOUNCED).when(command, subject="2018", now=now)
    if code is None:
        revising.then(REVISED.model_copy(update={"signed_on": day}))
    else:
        revising.refused(code)


def test_the_document_of_an_announcement_is_of_its_year_or_the_one_before_and_signed() -> None:
    for day, code in (
        (date(2016, 12, 31), "outside-fiscal-year"),
        (date(2018, 2, 2), "signed-in-the-future"),
    ):
        given(programme).when(replace(ANNOUNCE, signed_on=day), subject="2018").refused(code)


def test_no_revision_is_older_than_the_announcement() -> None:
    announced = ANNOUNCED.model_copy(update={"signed_on": date(2018, 2, 1)})
    given(programme, announced).when(REVISE, subject="2018").refused("signed-before-present")


def test_the_document_of_a_revision_is_not_older_than_the_present_one() -> None:
    again = replace(REVISE, document_number="RKT-3")
    revising = given(programme, ANNOUNCED, REVISED)
    revising.when(again, subject="2018").then(
        REVISED.model_copy(update={"document_number": "RKT-3"})
    )
    older = replace(again, signed_on=date(2018, 1, 30))
    revising.when(older, subject="2018").refused("signed-before-present", "2018-01-31")


def test_a_document_sets_targets_once_however_its_number_is_written() -> None:
    for past, number in (
        ((ANNOUNCED,), "rkt-1"),
        ((ANNOUNCED, REVISED), "RKT-1"),
        ((ANNOUNCED, REVISED), "rkt-2"),
    ):
        repeated = replace(REVISE, document_number=number)
        given(programme, *past).when(repeated, subject="2018").refused("document-repeated")


def test_targets_of_no_programme_are_not_revised() -> None:
    given(programme).when(REVISE, subject="2018").refused("not-found")


def test_a_scope_and_indicator_have_one_target() -> None:
    twice = AnnounceProgramme(
        programme="2018",
        title="Pameran",
        targets=(KUKM, MORE),
        document_number="RKT-1",
        signed_on=date(2017, 1, 1),
    )
    given(programme).when(twice, subject="2018").refused("duplicate-target")
    again = replace(REVISE, targets=(KUKM, MORE))
    given(programme, ANNOUNCED).when(again, subject="2018").refused("duplicate-target")


def test_a_programme_without_targets_is_no_body() -> None:
    body = {"programme": "2018", "title": "t", "targets": [], "document_number": "d-1"}
    with pytest.raises(ValidationError):
        TypeAdapter(AnnounceProgramme).validate_python(body)
