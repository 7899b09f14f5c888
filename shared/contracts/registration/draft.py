"""Draft (Konsep Permohonan): an application that its enterprise has not submitted yet.

Its content is private, and so is the person who saved it: a topic carries the fact alone.
"""

from typing import ClassVar

from shared.contracts.event import Event, Private
from shared.contracts.words import Id, Instant


class _Draft(Event):
    service: ClassVar[str] = "registration"
    kind: ClassVar[str] = "draft"
    private_actor: ClassVar[bool] = True

    exhibition: Id
    enterprise: Id


class DraftSaved(_Draft):
    """An enterprise has saved a draft in the place of the one before, until the call closes."""

    closes_at: Instant
    saved_at: Instant
    capacity: Private[int | None] = None
    channel: Private[str] = ""
    office: Private[str] = ""
    letter: Private[str] = ""


class DraftDiscarded(_Draft):
    """The draft was submitted, or its enterprise has discarded it."""


class DraftExpired(_Draft):
    """The call has closed, so the draft is gone."""


DraftEvent = DraftSaved | DraftDiscarded | DraftExpired
