"""The report of a programme or of a part of it: all figures, as they were at one moment."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from services.reporting.responses.achievement import Achievements
from services.reporting.responses.budget import Budgets
from services.reporting.responses.exhibitions import Exhibitions
from services.reporting.responses.funnel import Funnel, Seats
from services.reporting.responses.outcomes import Results
from services.reporting.responses.participation import Participation

Version = Annotated[
    dict[str, int],
    Field(
        description="For each partition of a topic (`SERVICE/N`) the offset before which the "
        "figures count every event."
    ),
]


@dataclass(frozen=True, kw_only=True)
class Report:
    """All parts, each with what it covers; two reports of a `version` have the same figures.

    `targets_by` is the document that set the present targets.
    """

    programme: str
    title: str
    version: Version
    targets_by: str
    achievement: Achievements
    funnel: Funnel
    seats: Seats
    budget: Budgets
    exhibitions: Exhibitions
    outcomes: Results
    participation: Participation
