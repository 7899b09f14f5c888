"""The answers of the four APIs to an auditor: lists, proposals, and every report of reporting.

Each item has `id` and `version`: the number of its aggregate's last event that it contains. The
version of a report is the offset that it has counted to in each partition, so it agrees with the
topics only once reporting has applied every event.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from gelar.checking.invariants.topics import Topics

Item = dict[str, Any]
Items = dict[str, Item]
PAGE = 500
SCOPES = ("DOMESTIC", "OVERSEAS")


class Part(NamedTuple):
    """A part of a programme that has a report: all of it, a scope, or an exhibition."""

    programme: str
    scope: str | None = None
    exhibition: str | None = None

    def __str__(self) -> str:
        return "/".join(filter(None, self))

    def has(self, data: Item) -> bool:
        """Return True if an event or applicant with these fields belongs to the part."""
        return (
            data["programme"] == self.programme
            and self.scope in (None, data["scope"])
            and self.exhibition in (None, data.get("exhibition"))
        )


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The items of each list by id, the proposals by exhibition, the reports by their part.

    `exhibition_rows` are the items of reporting's list of exhibitions, by programme.
    """

    exhibitions: Items
    applications: Items
    rounds: Items
    candidates: Items
    envelopes: Items
    allocations: Items
    outcomes: Items
    proposals: Items
    reports: dict[Part, Item]
    exhibition_rows: dict[str, Items]


class Get(Protocol):
    """Read `SERVICE/PATH` of an API as an auditor; return None if it is not there (404)."""

    def __call__(self, address: str, /) -> Item | None:
        """Raise if the API does not answer or refuses."""
        ...


def parts_of(topics: Topics) -> list[Part]:
    """Return every part that has a report: each programme, its scopes and its exhibitions."""
    parts = []
    for programme in sorted(topics.of("programme")):
        parts += [Part(programme), *(Part(programme, scope) for scope in SCOPES)]
    for exhibition, facts in sorted(topics.of("exhibition").items()):
        proposed = facts[0].data
        if proposed.get("programme") in topics.of("programme") and proposed.get("scope") in SCOPES:
            parts.append(Part(proposed["programme"], proposed["scope"], exhibition))
    return parts


def read_answers(get: Get, topics: Topics) -> Answers:
    """Read all lists, and the proposals and reports of what the topics name."""
    approved = [fact.subject for fact in topics.each("round", "selection-approved")]
    return Answers(
        exhibitions=_items(get, "registration/exhibitions"),
        applications=_items(get, "registration/applications"),
        rounds=_each(get, "selection/rounds", topics.of("round")),
        candidates=_items(get, "selection/candidates"),
        envelopes=_items(get, "budget/envelopes"),
        allocations=_each(get, "budget/allocations", topics.of("allocation")),
        outcomes=_items(get, "reporting/outcomes"),
        proposals=_each(get, "selection/rounds", approved, "/proposal"),
        reports={part: _report(get, part) for part in parts_of(topics)},
        exhibition_rows={id: _exhibition_rows(get, id) for id in topics.of("programme")},
    )


def _each(get: Get, address: str, ids: Iterable[str], path: str = "") -> Items:
    found = {id: get(f"{address}/{id}{path}") for id in ids}
    return {id: item for id, item in found.items() if item is not None}


def _items(get: Get, address: str) -> Items:
    items: Items = {}
    following: str | None = f"{address}?limit={PAGE}"
    while following is not None:
        page = get(following)
        if page is None:
            raise ValueError(f"{following} is not there")
        before = len(items)
        items |= {item["id"]: item for item in page["items"]}
        if page["next"] and len(items) == before:
            raise ValueError(f"{following} has the items of an earlier page")
        if page["next"] and not page["next"].startswith("?"):
            raise ValueError(f"{following} has a next page elsewhere")
        following = address + page["next"] if page["next"] else None
    return items


def _report(get: Get, part: Part) -> Item:
    query = f"?{'&'.join(_filters(part))}" if part.scope else ""
    return get(f"reporting/programmes/{part.programme}/report{query}") or {}


def _filters(part: Part) -> Iterable[str]:
    if part.exhibition:
        yield f"exhibition={part.exhibition}"
    elif part.scope:
        yield f"scope={part.scope}"


def _exhibition_rows(get: Get, programme: str) -> Items:
    address = f"reporting/programmes/{programme}/exhibitions"
    # Reporting may not know the programme yet.
    return _items(get, address) if get(address) is not None else {}
