"""Test the documents of postings: a day of the fiscal year that has come, a number posted once."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from services.budget.domain.envelope.decider import envelope
from services.budget.domain.envelope.pagu import OpenEnvelope
from tests.budget.examples import ALLOTTED, OPENED
from tests.budget.test_envelope import (
    BLOCKED,
    DOMESTIC,
    OPEN,
    allot,
    allotting,
    block,
    unblock,
)
from tests.budget.test_revisions import NUMBER, PROPOSED, REVISED, propose
from tests.given import given

COMMANDS: list[Any] = [propose(1), block(1), unblock(1)]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2017, 12, 31), "outside-fiscal-year"),
        (date(2019, 1, 1), "outside-fiscal-year"),
        (date(2018, 2, 2), "in-the-future"),
    ],
)
def test_the_day_of_a_posting_is_in_the_fiscal_year_and_has_come(
    command: Any, day: date, code: str
) -> None:
    past = given(envelope, OPENED, BLOCKED)
    past.when(replace(command, effective_on=day)).refused(code)
    given(envelope).when(replace(OPEN, effective_on=day)).refused(code)
    allotting(past, replace(allot(), effective_on=day), DOMESTIC).refused(code)


def test_today_is_the_day_in_jakarta() -> None:
    command = replace(OPEN, effective_on=date(2018, 2, 2))
    evening = datetime(2018, 2, 1, 17, 0, tzinfo=UTC)
    given(envelope).when(command, now=evening).then(
        OPENED.model_copy(update={"effective_on": date(2018, 2, 2), "posted_by": "tester"})
    )


@pytest.mark.parametrize("programme", ["0000", "0500", "1999", "2100"])
def test_a_year_of_no_programme_has_no_envelope(programme: str) -> None:
    body = {"programme": programme, "scope": "DOMESTIC", "pagu_idr": 1}
    document = {"document_number": "DIPA-1", "effective_on": "2018-01-31"}
    with pytest.raises(ValidationError, match="programme"):
        TypeAdapter(OpenEnvelope).validate_python(body | document)


def test_a_document_makes_a_posting_of_each_kind_once_however_its_number_is_written() -> None:
    past = given(envelope, OPENED, BLOCKED, ALLOTTED)
    again = replace(block(1), document_number="s-12/mk.02/2018")
    past.when(again).refused("document-repeated", "posted as block here already")
    allotting(past, replace(allot(), document_number="ND-7 /Dep.3/2018")).refused(
        "document-repeated"
    )
    past = given(envelope, OPENED, PROPOSED, REVISED)
    past.when(replace(propose(1), document_number=NUMBER.lower())).refused("document-repeated")


def test_a_document_may_make_postings_of_several_kinds() -> None:
    past = given(envelope, OPENED, BLOCKED)
    same = replace(propose(1), document_number="S-12/MK.02/2018")
    assert len(past.when(same).events()) == 1
    assert len(past.when(unblock(1)).events()) == 1
