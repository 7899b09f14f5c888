"""The rules of a draft: saved, submitted, discarded, and gone when its call closes."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from services.registration.domain.application.decider import application
from services.registration.domain.application.submission import SubmitDraft
from services.registration.domain.draft import (
    Content,
    DiscardDraft,
    DraftedRecommendation,
    DraftFacts,
    ExpireDraft,
    SaveDraft,
    draft,
    save_draft,
    submit_draft,
)
from services.registration.domain.exhibition.call import CLOSING_GRACE
from shared.contracts.event import Event
from shared.contracts.registration.application_codes import Channel
from shared.contracts.registration.draft import DraftDiscarded, DraftExpired, DraftSaved
from shared.kernel.decider import Deadline, Origin
from tests.given import NOW, When, given
from tests.registration.examples import (
    APPLICATION,
    CALLED,
    CALLING,
    CLOSES_AT,
    ENTERPRISE,
    EXHIBITION,
    SUBMITTED,
    exhibition_after,
)
from tests.registration.test_recommendation import LETTER, RECOMMENDED, with_letter
from tests.registration.test_submission import FACTS, MADE

OPEN, SHUT = exhibition_after(*CALLING), exhibition_after(*CALLED)
SAVE = SaveDraft(enterprise=ENTERPRISE, capacity=300)
SAVED = DraftSaved(
    exhibition=EXHIBITION,
    enterprise=ENTERPRISE,
    closes_at=CLOSES_AT,
    saved_at=NOW,
    capacity=300,
)
DISCARD = DiscardDraft(enterprise=ENTERPRISE)
DISCARDED = DraftDiscarded(exhibition=EXHIBITION, enterprise=ENTERPRISE)
EXPIRED = DraftExpired(exhibition=EXHIBITION, enterprise=ENTERPRISE)
EMPTY = Content(capacity=None, channel="", office="", letter="")
FULL = Content(
    capacity=300, channel=Channel.PROVINCIAL_OFFICE, office="Dinas Rahasia", letter=LETTER
)
GONE_AT = CLOSES_AT + CLOSING_GRACE


def saving(command: SaveDraft, *past: Event, facts: Any = OPEN, **about: Any) -> When:
    """Save a draft as the enterprise."""
    return given(draft, *past).when(
        command, rule=save_draft, facts=facts, subject=APPLICATION, **about
    )


def submitting(content: Content | None, *past: Event, facts: Any = FACTS) -> When:
    """Submit this draft."""
    return given(application, *past).when(
        SubmitDraft(enterprise=ENTERPRISE),
        rule=submit_draft,
        facts=DraftFacts(submission=facts, content=content),
        subject=APPLICATION,
    )


def expiring(*past: Event, now: datetime) -> When:
    """Let the draft go by the sweep."""
    return given(draft, *past).when(
        ExpireDraft(), origin=Origin.SWEEP, subject=APPLICATION, now=now
    )


def test_any_part_of_an_application_is_saved() -> None:
    saving(SAVE).then(SAVED)
    nothing = SaveDraft(enterprise=ENTERPRISE)
    saving(nothing).then(SAVED.model_copy(update={"capacity": None}))
    part = replace(nothing, recommendation=DraftedRecommendation(office="Dinas Rahasia"))
    saved = SAVED.model_copy(update={"capacity": None, "office": "Dinas Rahasia"})
    saving(part, SAVED).then(saved)
    state = given(draft, SAVED, saved).state
    assert state.content == replace(EMPTY, office="Dinas Rahasia")


def test_the_same_draft_is_saved_once() -> None:
    saving(SAVE, SAVED).then()
    saving(SAVE, SAVED, DISCARDED).then(SAVED)


def test_a_draft_is_saved_only_while_the_call_is_open() -> None:
    saving(SAVE, facts=SHUT).refused("call-not-open")
    late = CLOSES_AT.replace(microsecond=1)
    saving(SAVE, now=late).refused("call-closed")


def test_a_draft_that_is_discarded_says_nothing_any_more() -> None:
    given(draft, SAVED).when(DISCARD, subject=APPLICATION).then(DISCARDED)
    assert given(draft, SAVED, DISCARDED).state.content is None
    given(draft, SAVED, DISCARDED).when(DISCARD, subject=APPLICATION).then()
    given(draft).when(DISCARD, subject=APPLICATION).refused("not-found")


def test_a_draft_goes_when_its_call_closes() -> None:
    assert draft.deadline(given(draft, SAVED).state) == Deadline(at=GONE_AT, command=ExpireDraft())
    expiring(SAVED, now=GONE_AT).then(EXPIRED)
    expiring(SAVED, now=CLOSES_AT).then()
    expiring(SAVED, DISCARDED, now=GONE_AT).then()
    for ended in (DISCARDED, EXPIRED):
        state = given(draft, SAVED, ended).state
        assert (state.content, draft.deadline(state)) == (None, None)


def test_a_draft_is_submitted_by_the_rule_of_the_submission() -> None:
    submitting(replace(EMPTY, capacity=300)).then(MADE)
    submitting(replace(EMPTY, capacity=300, channel=Channel.ENTERPRISE)).then(MADE)
    (event,) = submitting(FULL, facts=with_letter()).events()
    assert {name: getattr(event, name) for name in RECOMMENDED} == RECOMMENDED
    submitting(FULL).refused("no-recommendation")
    submitting(replace(EMPTY, capacity=300), SUBMITTED).refused("already-submitted")
    submitting(None, SUBMITTED).refused("already-submitted")
    submitting(replace(EMPTY, capacity=300), facts=replace(FACTS, exhibition=SHUT)).refused(
        "call-not-open"
    )


@pytest.mark.parametrize(
    "content",
    [EMPTY, replace(FULL, office=""), replace(FULL, letter=""), replace(FULL, capacity=None)],
)
def test_an_incomplete_draft_is_not_submitted(content: Content) -> None:
    submitting(content, facts=with_letter()).refused("draft-incomplete")


def test_no_draft_is_submitted_that_is_not_there() -> None:
    submitting(None).refused("no-draft")
