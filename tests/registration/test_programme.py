"""The rules of the programme: it is announced once; all its targets are replaced together."""

from dataclasses import replace

import pytest
from pydantic import TypeAdapter, ValidationError

from services.registration.domain.programme import AnnounceProgramme, ReviseTargets, programme
from shared.contracts.registration.programme import ProgrammeAnnounced, TargetsRevised
from shared.contracts.words import Indicator, Target, TargetScope
from tests.given import given

KUKM = Target(scope=TargetScope.ALL, indicator=Indicator.ENTERPRISES, value=700)
SHOWS = Target(scope=TargetScope.DOMESTIC, indicator=Indicator.EXHIBITIONS, value=40)
MORE = Target(scope=TargetScope.ALL, indicator=Indicator.ENTERPRISES, value=750)

ANNOUNCE = AnnounceProgramme(
    programme="2018", title="Pameran 2018", targets=(KUKM, SHOWS), document_number="RKT-1"
)
ANNOUNCED = ProgrammeAnnounced(
    programme="2018", title="Pameran 2018", targets=(KUKM, SHOWS), document_number="RKT-1"
)
REVISE = ReviseTargets(targets=(MORE,), reason="more money", document_number="RKT-2")
REVISED = TargetsRevised(
    programme="2018", targets=(MORE,), reason="more money", document_number="RKT-2"
)


def test_a_programme_is_announced() -> None:
    given(programme).when(ANNOUNCE, subject="2018").then(ANNOUNCED)


def test_a_programme_is_announced_once() -> None:
    given(programme, ANNOUNCED).when(ANNOUNCE, subject="2018").refused("already-announced")


def test_targets_are_replaced_as_a_whole() -> None:
    given(programme, ANNOUNCED).when(REVISE, subject="2018").then(REVISED)
    state = given(programme, ANNOUNCED, REVISED).state
    assert (state.targets, state.document_number) == ((MORE,), "RKT-2")
    assert state.title == "Pameran 2018"


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
        programme="2018", title="Pameran", targets=(KUKM, MORE), document_number="RKT-1"
    )
    given(programme).when(twice, subject="2018").refused("duplicate-target")
    again = ReviseTargets(targets=(KUKM, MORE), reason="slip", document_number="RKT-2")
    given(programme, ANNOUNCED).when(again, subject="2018").refused("duplicate-target")


def test_a_programme_without_targets_is_no_body() -> None:
    body = {"programme": "2018", "title": "t", "targets": [], "document_number": "d-1"}
    with pytest.raises(ValidationError):
        TypeAdapter(AnnounceProgramme).validate_python(body)
