"""The course of an exhibition, as far as it matters to its money."""

from enum import StrEnum


class Course(StrEnum):
    """The last step of an exhibition that this service has received from registration."""

    AHEAD = "AHEAD"
    RUNNING = "RUNNING"
    ENDED = "ENDED"
    CANCELLED = "CANCELLED"


OVER = frozenset({Course.ENDED, Course.CANCELLED})
"""No money goes to an exhibition that is over."""
