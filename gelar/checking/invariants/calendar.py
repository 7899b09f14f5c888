"""Acts on their days: exhibitions within their year, answers before their deadlines.

Days of documents are days in Jakarta, those of an exhibition days in its host's zone. Two acts of
different subjects may be decided in the same minute and published in either order, so `TOLERANCE`
is allowed between them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from gelar.checking.invariants.check import Check, Evidence
from gelar.checking.invariants.topics import Fact, Topics

JAKARTA = "Asia/Jakarta"
TOLERANCE = timedelta(minutes=1)
ATTENDANCE = (
    *("participant-attended", "participant-absent", "attendance-corrected"),
    *("participant-checked-in", "check-in-undone"),
)
PLANNED = ("exhibition-planned", "exhibition-rescheduled")
"""The events that set the days of an exhibition."""

ANSWERS = ("application-resubmitted", "place-accepted", "place-declined")
FOREVER = "9999-12-31T23:59:59.999Z"


@dataclass(frozen=True, kw_only=True)
class Papers:
    """Papers that an applicant owes: the events that set their deadline, deliver or expire them."""

    deadlines: Mapping[str, str]
    delivered: str
    expired: str


RENEWAL = Papers(
    deadlines={"application-rescheduled": "renewal_due_at"},
    delivered="documents-renewed",
    expired="renewal-expired",
)
LETTER = Papers(
    deadlines={
        "place-accepted": "commitment_due_at",
        "application-rescheduled": "commitment_due_at",
        "commitment-returned": "due_at",
    },
    delivered="commitment-delivered",
    expired="commitment-expired",
)
Dated = dict[str, datetime]


def checks() -> Iterator[Check]:
    """Return the checks of this module."""
    yield Check(
        name="Exhibitions are planned, opened and ended on their days",
        compared=lambda evidence: f"{len(evidence.topics.of('exhibition')):,} exhibitions",
        differences=_exhibitions,
    )
    yield Check(
        name="Of the alternatives of a slot at most one is planned at a time",
        compared=lambda evidence: f"{len(_slots(evidence.topics)):,} slots",
        differences=_alternatives,
    )
    yield Check(
        name="Reports and targets are by documents of their days",
        compared=_signed,
        differences=_documents,
    )
    yield Check(
        name="Answers come before their deadlines, and what expires after them",
        compared=lambda evidence: f"{len(evidence.topics.of('application')):,} applications",
        differences=_answers,
    )
    yield Check(
        name="Withdrawals come before the exhibition, attendance between opening and report",
        compared=lambda evidence: f"{len(_dated(evidence, 'exhibition-opened')):,} exhibitions",
        differences=_attendance,
    )


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def day_of(fact: Fact, zone: str = JAKARTA) -> date:
    """Return the day in this zone on which this happened."""
    return _day(_at(fact.time), zone)


def zones(topics: Topics) -> dict[str, str]:
    """Return the time zone of the host of each exhibition."""
    proposed = topics.each("exhibition", "exhibition-proposed")
    return {fact.subject: fact.data["zone"] for fact in proposed}


def _day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def _exhibitions(evidence: Evidence) -> Iterator[str]:
    hosts = zones(evidence.topics)
    for id, facts in evidence.topics.of("exhibition").items():
        starts_on = ends_on = date.min
        for fact in facts:
            day = day_of(fact, hosts[id])
            if fact.word in PLANNED:
                starts_on = date.fromisoformat(fact.data["starts_on"])
                ends_on = date.fromisoformat(fact.data["ends_on"])
                if {str(starts_on.year), str(ends_on.year)} != {fact.data["programme"]}:
                    yield f"{fact.id}: not within the year {fact.data['programme']}"
                if not day < starts_on <= ends_on:
                    yield f"{fact.id}: on {day} its days became {starts_on} to {ends_on}"
            elif fact.word == "exhibition-opened" and not starts_on <= day <= ends_on:
                yield f"{fact.id}: opened on {day}, and it is from {starts_on} to {ends_on}"
            elif fact.word == "exhibition-ended" and day <= ends_on:
                yield f"{fact.id}: ended on {day}, and its last day is {ends_on}"


def _slots(topics: Topics) -> dict[tuple[str, str], list[str]]:
    """Return the exhibitions of each programme and slot."""
    found: dict[tuple[str, str], list[str]] = {}
    for fact in topics.each("exhibition", "exhibition-proposed"):
        if fact.data["slot"] is not None:
            slot = fact.data["programme"], fact.data["slot"]
            found.setdefault(slot, []).append(fact.subject)
    return found


def _alternatives(evidence: Evidence) -> Iterator[str]:
    planned = _dated(evidence, "exhibition-planned")
    cancelled = _dated(evidence, "exhibition-cancelled")
    for (_, slot), exhibitions in _slots(evidence.topics).items():
        in_turn = sorted((planned[id], id) for id in exhibitions if id in planned)
        for (_, before), (at, id) in pairwise(in_turn):
            if before not in cancelled or cancelled[before] > at + TOLERANCE:
                yield f"{id}: planned at {at}, while {before} had the slot {slot}"


def _documents(evidence: Evidence) -> Iterator[str]:
    planned = evidence.topics.each("exhibition", *PLANNED)
    ends = {fact.subject: date.fromisoformat(fact.data["ends_on"]) for fact in planned}
    for fact in evidence.topics.each("exhibition", "exhibition-reported"):
        signed_on = date.fromisoformat(fact.data["signed_on"])
        if not ends.get(fact.subject, date.min) <= signed_on <= day_of(fact):
            yield f"{fact.id}: reported at {fact.time} by a report signed on {signed_on}"
    yield from _targets(evidence)


def _targets(evidence: Evidence) -> Iterator[str]:
    """Compare the days of the documents that set targets with each other and with the year."""
    for programme, facts in evidence.topics.of("programme").items():
        before = date(int(programme) - 1, 1, 1)
        for fact in facts:
            signed_on = date.fromisoformat(fact.data["signed_on"])
            if not before <= signed_on <= min(day_of(fact), date(int(programme), 12, 31)):
                yield f"{fact.id}: targets of {programme} by a document signed on {signed_on}"
            before = max(before, signed_on)


def _signed(evidence: Evidence) -> str:
    reports = sum(1 for _ in evidence.topics.each("exhibition", "exhibition-reported"))
    targets = sum(map(len, evidence.topics.of("programme").values()))
    return f"{reports:,} reports, {targets:,} sets of targets"


def _answers(evidence: Evidence) -> Iterator[str]:
    calls = {fact.subject: fact.data for fact in evidence.topics.each("exhibition", "call-opened")}
    latest: dict[str, date] = {}
    for fact in evidence.topics.each("exhibition", *PLANNED):
        starts_on = date.fromisoformat(fact.data["starts_on"])
        latest[fact.subject] = max(starts_on, latest.get(fact.subject, starts_on))
    hosts = zones(evidence.topics)
    for facts in evidence.topics.of("application").values():
        exhibition = facts[0].data["applicant"]["exhibition"]
        call = calls[exhibition]
        submitted_at = _at(facts[0].data["submitted_at"])
        if not _at(call["opened_at"]) <= submitted_at <= _at(call["closes_at"]):
            yield f"{facts[0].id}: submitted at {submitted_at}, while the call was not open"
        for fact in facts:
            if fact.word == "application-revised" and _at(fact.time) > _at(call["closes_at"]):
                yield f"{fact.id}: revised at {fact.time}, after the call had closed"
        yield from _deadlines(facts, latest[exhibition], hosts[exhibition])
        for papers in (RENEWAL, LETTER):
            yield from _papers(facts, papers)


def _deadlines(facts: Sequence[Fact], starts_on: date, zone: str) -> Iterator[str]:
    """Compare the answers to a correction and to an offer with their deadlines.

    `starts_on` is the latest first day that the exhibition had, until the application receives
    others; `zone` is that of its host.
    """
    deadline_at = datetime.max.replace(tzinfo=UTC)
    offered = False
    for fact in facts:
        if fact.word == "application-rescheduled":
            starts_on = date.fromisoformat(fact.data["starts_on"])
        if fact.data.get("deadline_at") is not None:
            offered |= fact.word == "offer-received"
            deadline_at = _at(fact.data["deadline_at"])
            last_day = _day(deadline_at, zone)
            if offered and last_day >= starts_on:
                yield f"{fact.id}: to be answered until {last_day}, the show is on {starts_on}"
        late = _at(fact.time) > deadline_at
        undelivered = fact.data.get("reasons") == ["correction-not-delivered"]
        if fact.word in ANSWERS and late:
            yield f"{fact.id}: answered at {fact.time}, and the deadline was {deadline_at}"
        elif (fact.word == "offer-expired" or undelivered) and not late:
            yield f"{fact.id}: expired at {fact.time}, before its deadline {deadline_at}"


def _papers(facts: Sequence[Fact], papers: Papers) -> Iterator[str]:
    """Compare the deliveries of papers that are due with the last deadline of them."""
    due_at = datetime.max.replace(tzinfo=UTC)
    for fact in facts:
        if fact.word in papers.deadlines:
            due_at = _at(fact.data[papers.deadlines[fact.word]] or FOREVER)
        late = _at(fact.time) > due_at
        if fact.word == papers.delivered:
            if late:
                yield f"{fact.id}: delivered at {fact.time}, and the deadline was {due_at}"
            due_at = _at(FOREVER)
        elif fact.word == papers.expired and not late:
            yield f"{fact.id}: expired at {fact.time}, before its deadline {due_at}"


def _dated(evidence: Evidence, word: str) -> Dated:
    return {fact.subject: _at(fact.time) for fact in evidence.topics.each("exhibition", word)}


def _attendance(evidence: Evidence) -> Iterator[str]:
    opened, reported = (
        _dated(evidence, word) for word in ("exhibition-opened", "exhibition-reported")
    )
    for fact in evidence.topics.each("application", "application-withdrawn", *ATTENDANCE):
        exhibition, at = fact.data["applicant"]["exhibition"], _at(fact.time)
        if fact.word == "application-withdrawn":
            if exhibition in opened and at > opened[exhibition] + TOLERANCE:
                yield f"{fact.id}: withdrawn at {fact.time}, after the exhibition opened"
        elif exhibition not in opened or at + TOLERANCE < opened[exhibition]:
            yield f"{fact.id}: attendance at {fact.time}, before the exhibition opened"
        elif exhibition in reported and at > reported[exhibition] + TOLERANCE:
            yield f"{fact.id}: attendance at {fact.time}, after the exhibition was reported"
