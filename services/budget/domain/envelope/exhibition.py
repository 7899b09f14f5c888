"""The exhibition that an officer names for its money: of this envelope, and not over."""

from collections.abc import Collection
from dataclasses import dataclass

from services.budget.domain.allocation.state import Allocation
from services.budget.domain.course import Course
from services.budget.domain.envelope.state import Envelope
from shared.contracts.words import Scope
from shared.kernel.decider import Refused


@dataclass(frozen=True, kw_only=True)
class ExhibitionFacts:
    """The programme, scope and course of the exhibition, as this service has received them.

    `allocation` is its money; a rule of its cost needs it, and it is None until there is any.
    """

    programme: str
    scope: Scope
    course: Course
    allocation: Allocation | None = None


def check_exhibition(facts: ExhibitionFacts, state: Envelope, *, over: Collection[Course]) -> None:
    """Refuse an exhibition of another envelope, and one in a course that is `over`."""
    if facts.programme != state.programme:
        raise Refused(
            "another-programme",
            f"The exhibition belongs to programme {facts.programme}: "
            "use an envelope of that programme.",
        )
    if facts.scope != state.scope:
        raise Refused(
            "another-scope",
            f"The exhibition's scope is {facts.scope}: use the envelope of that scope.",
        )
    if facts.course is Course.CANCELLED and facts.course in over:
        raise Refused(
            "exhibition-cancelled", "The exhibition is cancelled, so no money can go to it."
        )
    if facts.course is Course.ENDED and facts.course in over:
        raise Refused(
            "exhibition-ended",
            "The exhibition has ended, so no money can go to it: check the exhibition, or leave "
            "the money in the envelope.",
        )
