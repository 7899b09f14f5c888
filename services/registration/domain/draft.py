"""The draft (id = the application's): any part of an application, saved until its call closes.

Nothing of it is checked but its form; the submission checks it all, and freezes what it submits. A
draft is for its enterprise alone: no officer reads it. It is gone when it is submitted or
discarded, or by itself when the call closes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from services.registration.domain.application.freezing import Recommendation, SubmissionFacts
from services.registration.domain.application.state import Application
from services.registration.domain.application.submission import (
    Capacity,
    SubmitApplication,
    SubmitDraft,
    require_open_call,
    submit_application,
)
from services.registration.domain.exhibition.call import CLOSING_GRACE
from services.registration.domain.exhibition.state import Exhibition
from shared.contracts.ids import enterprise_of, exhibition_of
from shared.contracts.registration.application import ApplicationEvent
from shared.contracts.registration.application_codes import Channel
from shared.contracts.registration.draft import (
    DraftDiscarded,
    DraftEvent,
    DraftExpired,
    DraftSaved,
)
from shared.contracts.words import Id, Text
from shared.kernel.decider import Context, Deadline, Decider, Refused, absent, refuse_or_ignore

# Commands


@dataclass(frozen=True, kw_only=True)
class DraftedRecommendation:
    """As much of a recommendation as is known."""

    channel: Channel | None = None
    office: Text | None = field(default=None, repr=False)
    letter: Id | None = None


@dataclass(frozen=True, kw_only=True)
class SaveDraft:
    """Save any part of your application; it takes the place of the draft before."""

    enterprise: Id
    capacity: Capacity | None = None
    recommendation: DraftedRecommendation | None = None


@dataclass(frozen=True, kw_only=True)
class DiscardDraft:
    """Discard your draft."""

    enterprise: Id


@dataclass(frozen=True, kw_only=True)
class ExpireDraft:
    """(sweep) Let the draft go: its call has closed."""


CommandWithoutFacts = DiscardDraft | ExpireDraft
"""The commands that `decide` handles; the route names the rule of `SaveDraft`."""

# State


@dataclass(frozen=True, kw_only=True)
class Content:
    """The content of a draft; what is not known yet is None, or empty."""

    capacity: int | None
    channel: str
    office: str
    letter: str


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A draft; `content` is None once it is gone."""

    exhibition: str
    enterprise: str
    closes_at: datetime
    saved_at: datetime
    content: Content | None


@dataclass(frozen=True, kw_only=True)
class DraftFacts:
    """The facts of a submission, and the draft that it is made of, if there is one."""

    submission: SubmissionFacts
    content: Content | None


# Rules


def save_draft(
    command: SaveDraft, facts: Exhibition, state: Draft | None, context: Context
) -> Sequence[DraftEvent]:
    """Save a draft while the call is open; do nothing if it says the same."""
    call = require_open_call(facts, context.now)
    named = command.recommendation or DraftedRecommendation()
    content = Content(
        capacity=command.capacity,
        channel=named.channel or "",
        office=named.office or "",
        letter=named.letter or "",
    )
    if state is not None and state.content == content:
        return []
    return [
        DraftSaved(
            exhibition=exhibition_of(context.subject),
            enterprise=enterprise_of(context.subject),
            closes_at=call.closes_at,
            saved_at=context.now,
            capacity=content.capacity,
            channel=content.channel,
            office=content.office,
            letter=content.letter,
        )
    ]


def submit_draft(
    command: SubmitDraft, facts: DraftFacts, state: Application | None, context: Context
) -> Sequence[ApplicationEvent]:
    """Submit what the draft says, by the rule of the submission."""
    content = facts.content
    if content is None and state is None:
        raise Refused("no-draft", "You have no draft for this exhibition: save one, or apply.")
    capacity = content.capacity if content else None
    if content and capacity is None:
        raise Refused(
            "draft-incomplete",
            "The draft says no capacity yet: save it with one (0: you declare none), then submit.",
        )
    submitted = SubmitApplication(
        enterprise=command.enterprise,
        capacity=capacity or 0,
        recommendation=_recommendation(content) if content else None,
    )
    return submit_application(submitted, facts.submission, state, context)


def _recommendation(content: Content) -> Recommendation | None:
    if content.channel in ("", Channel.ENTERPRISE):
        return None
    missing = [name for name in ("office", "letter") if not getattr(content, name)]
    if missing:
        raise Refused(
            "draft-incomplete",
            f"The recommendation of the draft has no {' and no '.join(missing)}: save it with "
            "them, or without a recommendation, then submit.",
        )
    match Channel(content.channel):
        case Channel.ENTERPRISE:
            return None
        case channel:
            return Recommendation(channel=channel, office=content.office, letter=content.letter)


def decide(
    command: CommandWithoutFacts, state: Draft | None, context: Context
) -> Sequence[DraftEvent]:
    """Discard a draft, or let it expire."""
    if state is None:
        return absent(context, "draft")
    named = {"exhibition": state.exhibition, "enterprise": state.enterprise}
    match command:
        case DiscardDraft():
            return [DraftDiscarded(**named)] if state.content is not None else []
        case ExpireDraft():
            due = expiry(state)
            if due is None or context.now < due.at:
                return refuse_or_ignore(
                    context, "draft-not-late", "There is no draft here whose call has closed."
                )
            return [DraftExpired(**named)]
        case _:
            assert_never(command)


def expiry(state: Draft | None) -> Deadline | None:
    """Return the instant at which a draft goes by itself: its call closes."""
    if state is None or state.content is None:
        return None
    return Deadline(at=state.closes_at + CLOSING_GRACE, command=ExpireDraft())


def evolve(state: Draft | None, event: DraftEvent) -> Draft:
    """Fold an event; what a draft said is in no state once it is gone."""
    match event:
        case DraftSaved():
            return Draft(
                exhibition=event.exhibition,
                enterprise=event.enterprise,
                closes_at=event.closes_at,
                saved_at=event.saved_at,
                content=Content(
                    capacity=event.capacity,
                    channel=event.channel,
                    office=event.office,
                    letter=event.letter,
                ),
            )
        case DraftDiscarded() | DraftExpired():
            if state is None:
                raise ValueError(f"the first event of a draft was {type(event).__name__}")
            return Draft(
                exhibition=state.exhibition,
                enterprise=state.enterprise,
                closes_at=state.closes_at,
                saved_at=state.saved_at,
                content=None,
            )
        case _:
            assert_never(event)


draft = Decider(
    kind="draft",
    commands=SaveDraft | CommandWithoutFacts,
    state=Draft | None,
    events=DraftEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    deadlines=lambda state: [expiry(state)],
    indexes=("enterprise",),
)
