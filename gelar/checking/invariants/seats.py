"""Seats: invariant 1, and the rounds that selection's API shows."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from gelar.checking.invariants.answers import Item
from gelar.checking.invariants.check import Check, Evidence, paired, unequal, unlisted
from gelar.checking.invariants.recount.quotas import codes_of, exceeded
from gelar.checking.invariants.recount.rounds import Round, round_of, rounds
from gelar.checking.invariants.topics import Data, Fact

JAKARTA = "Asia/Jakarta"
DAYS = ("starts_on", "ends_on", "zone")


def checks() -> Iterator[Check]:
    """Return the checks of this module."""
    yield Check(
        invariant=1,
        name="Seats never exceed the places; a freed seat goes to the next reserve",
        compared=lambda evidence: f"{evidence.topics.count('round'):,} events of rounds",
        differences=_faults,
    )
    yield Check(
        invariant=1,
        name="No quota is exceeded, and an application counts for those of its groups",
        compared=_quotas_compared,
        differences=_quotas,
    )
    yield Check(
        name="A decree's annex, less its amendments, is the live seats",
        compared=lambda evidence: f"{len(evidence.topics.of('round')):,} rounds",
        differences=_annexes,
    )
    yield Check(
        invariant=14,
        name="Each decree and amendment has its own number and a day between approval and record",
        compared=_documents_compared,
        differences=_documents,
    )
    yield Check(
        name="Selection's rounds = their events",
        compared=lambda evidence: f"{len(evidence.answers.rounds):,} rounds",
        differences=_rounds,
    )


def _documents_compared(evidence: Evidence) -> str:
    return f"{sum(1 for _ in _signed(evidence)):,} documents"


def _faults(evidence: Evidence) -> Iterator[str]:
    opened = {fact.subject: fact.data for fact in evidence.topics.each("exhibition", "call-opened")}
    for id, found in rounds(evidence.topics).items():
        yield from found.faults
        if found.status == "APPROVED" and not found.late and found.due.positions:
            yield f"{id}: a seat is free, and {len(found.due.positions)} reserves may take it"
        if found.terms and found.places != opened[id]["places"]:
            yield f"{id}: {found.places} places, the call has {opened[id]['places']}"


def _quotas_compared(evidence: Evidence) -> str:
    opened = list(evidence.topics.each("round", "round-opened"))
    return f"{len(opened):,} rounds, {sum(len(fact.data['quotas']) for fact in opened):,} quotas"


def _quotas(evidence: Evidence) -> Iterator[str]:
    opened = {fact.subject: fact.data for fact in evidence.topics.each("exhibition", "call-opened")}
    entered = evidence.topics.each("candidate", "candidate-entered")
    applicants = {fact.subject: fact.data["applicant"] for fact in entered}
    for id, facts in evidence.topics.of("round").items():
        found = Round(id=id)
        for fact in facts:
            found.apply(fact)
            quotas = found.terms.get("quotas", ())
            live = [codes_of(quotas, applicants[application]) for application in found.live]
            for code in exceeded(live, quotas):
                yield f"{fact.id}: more live seats than quota {code} has places"
        if found.terms:
            yield from unequal(f"{id} quotas", opened[id]["quotas"], found.terms["quotas"])
        for application in (*found.seats, *found.reserve):
            own = codes_of(found.terms["quotas"], applicants[application])
            yield from unequal(f"{application} quotas", own, found.codes.get(application, ()))


def _annexes(evidence: Evidence) -> Iterator[str]:
    for id, found in rounds(evidence.topics).items():
        if found.status == "DECREED" and sorted(found.annex) != sorted(found.live):
            yield f"{id}: {len(found.annex)} on the annex, {len(found.live)} live seats"


def _documents(evidence: Evidence) -> Iterator[str]:
    found = rounds(evidence.topics)
    documents: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for fact, document in _signed(evidence):
        decreed, signed_on = found[fact.subject], document["signed_on"]
        number = document["number"].replace(" ", "").upper()
        # A document may amend the annex by several events: all have its number and its day.
        is_decree = fact.word == "participants-decreed"
        documents[fact.subject, number].add("decree" if is_decree else signed_on)
        # An amendment is signed after the decree, and the decree after the approval.
        first = decreed.approved_on if is_decree else _signed_on(decreed)
        if not str(first) <= signed_on <= _day(fact):
            yield f"{fact.id} is signed on {signed_on}, not from {first} to {_day(fact)}"
        host = decreed.terms.get("zone", JAKARTA)
        if is_decree and _day(fact, host) > decreed.terms.get("ends_on", "9"):
            yield f"{fact.id} is decreed after the show, which ends on {decreed.terms['ends_on']}"
        if is_decree and not fact.data["annex"]:
            yield f"{fact.id} has nothing on its annex"
    for (id, number), different in documents.items():
        if len(different) > 1:
            yield f"{id}: {number} is the number of {len(different)} documents"


def _signed(evidence: Evidence) -> Iterator[tuple[Fact, Data]]:
    """Yield each event by which a signed document is recorded, with the document."""
    for fact in evidence.topics.each("round", "participants-decreed", "amendment-recorded"):
        yield fact, fact.data
    for fact in evidence.topics.each("round", "annex-amended"):
        if fact.data["document"] is not None:
            yield fact, fact.data["document"]


def _signed_on(decreed: Round) -> str:
    return str(decreed.decree["signed_on"]) if decreed.decree else ""


def _day(fact: Fact, zone: str = JAKARTA) -> str:
    return datetime.fromisoformat(fact.time).astimezone(ZoneInfo(zone)).date().isoformat()


def _rounds(evidence: Evidence) -> Iterator[str]:
    yield from unlisted(evidence.topics.of("round"), evidence.answers.rounds)
    for id, facts, item in paired(evidence.topics.of("round"), evidence.answers.rounds):
        found = round_of(id, facts)
        # The order of the keys is no promise, that of the reserve list is one.
        yield from unequal(f"{id} status", found.status, item["status"])
        yield from unequal(f"{id} places", found.places, item["places"])
        yield from unequal(f"{id} seats", found.seats, item["seats"])
        yield from unequal(f"{id} reserve", found.reserve, item["reserve"])
        yield from unequal(f"{id} approved_on", found.approved_on, item["approved_on"])
        yield from unequal(f"{id} frozen", found.frozen, item["frozen"])
        yield from unequal(f"{id} decree", found.decree, item["decree"])
        yield from unequal(f"{id} window_open", found.disputes.window_open, item["window_open"])
        # A round may have its money, or its end, before its call opens.
        names = ("rubric", "threshold", "sheets_min", "offer_hours", "objections", *DAYS)
        for name in names if found.terms else ():
            yield from unequal(f"{id} {name}", found.terms[name], item[name])
        yield from unequal(f"{id} listed", found.listed, item["listed"])
        yield from unequal(f"{id} struck", found.struck, item["struck"])
        yield from unequal(f"{id} closing", found.closing, item["closing"])
        yield from _shown_quotas(id, found, item)


def _shown_quotas(id: str, found: Round, item: Item) -> Iterator[str]:
    live = Counter(code for application in found.live for code in found.codes.get(application, ()))
    terms = [{**quota, "live": live[quota["code"]]} for quota in found.terms.get("quotas", ())]
    yield from unequal(f"{id} quotas", terms, item["quotas"])
