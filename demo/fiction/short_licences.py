"""The applicant whose licence ends between the planned and the later days of an exhibition.

Its documents were valid through the last day when they were checked. The exhibition is rescheduled,
and they are not any more: it must renew them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from demo.fiction.applications import LEVELS, Application, Conduct
from demo.fiction.enterprises import Enterprise
from demo.programme_2018.programme import Programme

ByExhibition = Mapping[str, tuple[Application, ...]]


def with_short_licences(
    programme: Programme, enterprises: Sequence[Enterprise], by_exhibition: ByExhibition
) -> tuple[tuple[Enterprise, ...], dict[str, tuple[Application, ...]]]:
    """Give one applicant of each rescheduled exhibition such a licence, and the best scores."""
    people, applications = list(enterprises), dict(by_exhibition)
    for exhibition in programme.exhibitions:
        if exhibition.planned_on is None:
            continue
        story = list(applications[exhibition.id])
        numbers = (item.enterprise - 1 for item in story)
        chosen = next(n for n, own in enumerate(numbers) if _fits(story[n], people[own]))
        best = tuple(dict.fromkeys(sheet, LEVELS[-1]) for sheet in story[chosen].sheets)
        story[chosen] = replace(story[chosen], sheets=best)
        applications[exhibition.id] = tuple(story)
        _, planned_end = exhibition.first_days
        position = story[chosen].enterprise - 1
        people[position] = _ending(people[position], planned_end + timedelta(days=1))
    return tuple(people), applications


def _ending(entry: Enterprise, day: date) -> Enterprise:
    """Return the enterprise with a licence that ends on this day, and the one that renews it."""
    licence, *others = entry.documents
    return replace(
        entry,
        documents=({**licence, "expires_on": day.isoformat()}, *others),
        renewed_document={**licence, "number": f"{licence['number']}/2"},
    )


def _fits(application: Application, entry: Enterprise) -> bool:
    """Return True if it will have a place, and no other document of it is missing."""
    accepts = application.conduct is Conduct.ACCEPTS and application.capacity > 0
    steady = accepts and not application.corrected and not application.conflicted
    return steady and entry.sound and entry.late_document is None
