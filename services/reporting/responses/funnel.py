"""The funnel (Tahapan): the applications that reached each stage, and the seats of the rounds."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.reporting.labels import label
from services.reporting.responses.figures import Figures, counted
from services.reporting.responses.part import Covers, Part
from services.reporting.views.applications import Attendance, Stage
from shared.contracts.labels import Label

SELECTED = "selected"
SEATS = ("places", SELECTED, "confirmed", "lost", "annex")


@dataclass(frozen=True, kw_only=True)
class Step:
    """The applications that reached a stage; `selected` counts the seats that rounds have given.

    `attended` are the realised participations; contested ones have a row of their own.
    """

    stage: str
    label: Label
    count: int


@dataclass(frozen=True, kw_only=True)
class Funnel:
    """The steps in the order in which an application takes them."""

    covers: Covers
    items: list[Step]


@dataclass(frozen=True, kw_only=True)
class Seats:
    """The seats of the rounds; `selected` counts all that were given, by promotion too."""

    covers: Covers
    places: int
    selected: int
    confirmed: int
    lost: int
    annex: int


def funnel(part: Part, reached: Figures, given_seats: Figures) -> Funnel:
    """Return a step for every stage, zeros included."""
    steps = list(_steps())
    counts = counted(reached, steps) | counted(given_seats, (SELECTED,))
    return Funnel(
        covers=part.covers(),
        items=[Step(stage=step, label=label(step), count=counts[step]) for step in steps],
    )


def seats(part: Part, figures: Figures) -> Seats:
    """Return the figures of the rounds."""
    return Seats(covers=part.covers(), **counted(figures, SEATS))


def _steps() -> Iterator[str]:
    for stage in Stage:
        # The seats of the rounds come between verification and offers.
        if stage is Stage.OFFERED:
            yield SELECTED
        yield stage.value
        if stage is Stage.ATTENDED:
            yield Attendance.CONTESTED.value
