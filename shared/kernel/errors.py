"""The errors that a caller may see, as one tree; retryability is a property of the type.

A rule raises `Refused`. The kernel raises the others: nothing there, another caller was faster, too
much at once. Each carries a stable kebab-case `code` and a sentence that says what to do. Only
`shared.http` turns them into problem documents.
"""

from collections.abc import Sequence

STARTING = "starting"
"""Why a process is not ready before its start is over."""


class CannotStart(Exception):
    """The process must not run here as it is configured; the text says why and what to do."""


class NewerVersion(CannotStart):
    """Another version of the service has stored what this version does not know.

    It is no damage: this process leaves it to that version, and stores nothing over it.
    """


class Unstorable(Exception):
    """The result can never be stored: a number beyond 64 bits, a document beyond 16 MB, a bug.

    Trying again does not help. Who wrote several things at once finds the one that is to blame.
    """


class Problem(Exception):
    """Base of all errors that become an answer to the caller.

    `status` is the HTTP status, `retry_after_seconds` is set where trying again can help.
    """

    status = 500
    retry_after_seconds: int | None = None

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence


class Refused(Problem):
    """A rule refuses the command (409)."""

    status = 409


class NotYet(Refused):
    """A rule refuses what it may allow once events that are on their way have come (409)."""

    retry_after_seconds = 1


class Unknown(Problem):
    """A reference to something that this service does not know, perhaps not yet (409)."""

    status = 409
    retry_after_seconds = 1

    def __init__(self, noun: str, identifier: str) -> None:
        super().__init__(
            f"unknown-{noun}",
            f"This service does not know {noun} {identifier} (yet). "
            "Check the id; if it was created a moment ago, try again.",
        )


class NotFound(Problem):
    """The aggregate or mirror does not exist here (404).

    With `yet` it may be made by an event that is on its way from another service.
    """

    status = 404

    def __init__(self, noun: str, identifier: str, *, yet: bool = False) -> None:
        sentence = f"There is no {noun} {identifier} here: check the id."
        if yet:
            self.retry_after_seconds = 1
            sentence = (
                f"There is no {noun} {identifier} here (yet): check the id; if it was made a "
                "moment ago, try again."
            )
        super().__init__("not-found", sentence)


class NotFollowed(Problem):
    """A query awaits a thing of a kind of which this service hears no events (422)."""

    status = 422

    def __init__(self, kind: str, followed: Sequence[str]) -> None:
        super().__init__(
            "after-not-followed",
            f"This service follows nothing of kind {kind}, so it cannot wait for it: remove "
            f"`after`, or name a thing of one of these kinds: {', '.join(followed)}.",
        )


class Forbidden(Problem):
    """The token is valid, but does not allow this (403)."""

    status = 403


class Stale(Problem):
    """The resource has changed since the caller read it (412)."""

    status = 412

    def __init__(self, version: int) -> None:
        super().__init__(
            "stale-version", f"The resource is now at version {version}: read it again and retry."
        )
        self.version = version


class TooLarge(Problem):
    """The result has a number or a document beyond what the database holds (422)."""

    status = 422

    def __init__(self) -> None:
        super().__init__(
            "too-large",
            "With this the record would be larger than can be stored, and nothing was saved: "
            "send smaller numbers or less at once.",
        )


class KeyReused(Problem):
    """An idempotency key came back with another body (422)."""

    status = 422

    def __init__(self) -> None:
        super().__init__(
            "idempotency-key-reused",
            "This Idempotency-Key was used for another body: use a new key for a new request.",
        )


class Contradiction(Problem):
    """The parameters of a query contradict each other (422)."""

    status = 422


class Busy(Problem):
    """The service cannot take this now and a later try can succeed (503)."""

    status = 503
    retry_after_seconds: int | None = 2


def database_unavailable() -> Busy:
    """Return the error for callers while no primary of the database answers."""
    return Busy("database-unavailable", "The database does not answer: try again in a moment.")


class SubjectParked(Busy):
    """The requested version waits behind a parked event: trying again does not help (503)."""

    retry_after_seconds = None

    def __init__(self, kind: str, identifier: str) -> None:
        super().__init__(
            "subject-parked",
            f"An event of {kind} {identifier} is parked here: ask an operator to redrive it.",
        )
