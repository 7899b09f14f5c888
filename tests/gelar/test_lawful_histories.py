"""Histories that the rules permit and that are rare: the audit finds nothing in them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from pydantic import TypeAdapter

from gelar.checking.invariants import candidates, seats
from gelar.checking.invariants.answers import Answers, Items
from gelar.checking.invariants.check import Check, Evidence
from gelar.checking.invariants.topics import Fact, Topics
from services.selection.domain.candidate.decider import candidate
from services.selection.domain.selection_round.decider import selection_round
from services.selection.responses.selection_round import RoundResponse, round_response
from shared.contracts.event import Event
from shared.contracts.selection.choice import Funds
from shared.contracts.selection.round import FundsChanged, LateConflictDeclared, RoundEvent
from tests.given import given
from tests.selection.examples import (
    ANI,
    CANCELLED,
    CLOSED_SCORING,
    ENTERED,
    EXHIBITION,
    LISTED,
    REOPENED,
    ROUND_FIELDS,
    SCORED,
    SCORING,
    A,
    conflicted,
)

FUNDED = FundsChanged(funds=Funds(ceiling_idr=100, place_cost_idr=50), **ROUND_FIELDS)
LATE = LateConflictDeclared(
    closing=1,
    applications=LISTED.applications,
    application=A,
    curator=ANI,
    words="a cousin",
    **ROUND_FIELDS,
)


def facts(kind: str, subject: str, events: Sequence[Event]) -> list[Fact]:
    """Return these events as a subscriber reads them."""
    return [
        Fact(
            id=f"{kind}/{subject}@{number}",
            kind=kind,
            subject=subject,
            sequence=number,
            word=event.type_name().split(".")[-2],
            time="2018-02-01T03:00:00Z",
            actor="-",
            data=json.loads(event.public_json()),
        )
        for number, event in enumerate(events, start=1)
    ]


def differences(
    checks: Sequence[Check],
    histories: Mapping[tuple[str, str], Sequence[Event]],
    rounds: Items | None = None,
) -> list[str]:
    """Return all that these checks find."""
    topics: dict[str, dict[str, list[Fact]]] = {}
    for (kind, subject), events in histories.items():
        topics.setdefault(kind, {})[subject] = facts(kind, subject, events)
    answers = replace(cast(Any, NOTHING), rounds=rounds or {})
    evidence = Evidence(topics=Topics(facts=topics, messages=0, foreign=0), answers=answers)
    return [line for check in checks for line in check.outcome(evidence).differences]


NOTHING = Answers(**{name: {} for name in Answers.__dataclass_fields__})


def shown(events: Sequence[RoundEvent]) -> Items:
    """Return the answer of selection about the round, as JSON."""
    response = round_response(given(selection_round, *events).state, roles=frozenset({"auditor"}))
    item = TypeAdapter(RoundResponse).dump_python(response, mode="json")
    return {EXHIBITION: {"id": EXHIBITION, "version": len(events), **item}}


SEATS = [check for check in seats.checks() if check.name == "Selection's rounds = their events"]
LATE_CHECKS = [check for check in candidates.checks() if check.invariant == 4]


def test_a_round_whose_money_comes_before_its_call_is_in_order() -> None:
    for events in ((FUNDED,), (FUNDED, CANCELLED), (CANCELLED,)):
        history = {("round", EXHIBITION): events}
        assert differences(SEATS, history, shown(events)) == []


def test_a_round_that_shows_another_phase_is_found() -> None:
    history = {("round", EXHIBITION): (FUNDED,)}
    forged = shown((FUNDED,))
    forged[EXHIBITION]["status"] = "OPEN"
    (line,) = differences(SEATS, history, forged)
    assert "status" in line


def test_a_late_conflict_is_recorded_before_or_after_the_seal_is_broken() -> None:
    round_events = (*CLOSED_SCORING, LATE)
    for late in ((conflicted(ANI), REOPENED), (REOPENED, conflicted(ANI))):
        events = (*SCORING, SCORED, *late)
        given(candidate, *events)
        history = {("round", EXHIBITION): round_events, ("candidate", A): events}
        assert differences(LATE_CHECKS, history) == []


def test_a_conflict_on_sealed_sheets_that_the_round_does_not_know_is_found() -> None:
    history = {
        ("round", EXHIBITION): CLOSED_SCORING,
        ("candidate", A): (*SCORING, SCORED, conflicted(ANI)),
    }
    (line,) = differences(LATE_CHECKS, history)
    assert "1 conflicts on sealed sheets, its round knows 0" in line


def test_a_late_conflict_that_sets_no_sheet_aside_is_found() -> None:
    history = {
        ("round", EXHIBITION): (*CLOSED_SCORING, LATE),
        ("candidate", A): (ENTERED, *SCORING[1:], SCORED, REOPENED),
    }
    (line,) = differences(LATE_CHECKS, history)
    assert "its round knows 1 late ones" in line
