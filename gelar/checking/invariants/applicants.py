"""Applicants: invariants 2, 3 and 12, and the applications and exhibitions that the API shows."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from gelar.checking.invariants.check import Check, Evidence, paired, unequal, unlisted
from gelar.checking.invariants.recount.applications import (
    Application,
    application_of,
    applications,
)
from gelar.checking.invariants.recount.eligibility import (
    Rules,
    places_max,
    rule_sets,
    unmet_rules,
)
from gelar.checking.invariants.topics import Data, Fact

TOOK_PART = frozenset({"ACCEPTED", "CONFIRMED", "ATTENDED", "ABSENT"})
PROPOSED = (
    *("programme", "scope", "name", "city", "country", "organiser", "sectors", "slot"),
    *("illustrative", "zone"),
)
CALL = (
    *("opened_at", "closes_at", "rule_set", "requirements", "standards", "quotas", "rubric"),
    *("threshold", "sheets_min", "offer_hours", "commitment_days"),
    *("technical_approval", "objections"),
)
FROZEN = (
    *("capacity", "documents", "rule_set", "requirements", "standards", "sectors"),
    *("valid_through", "submitted_at", "channel", "letter"),
)
EXHIBITION_STATUSES = {
    "exhibition-proposed": "PROPOSED",
    "exhibition-planned": "PLANNED",
    "call-opened": "CALL_OPEN",
    "call-closed": "CALL_CLOSED",
    "verification-closed": "VERIFIED",
    "exhibition-decreed": "DECREED",
    "exhibition-opened": "RUNNING",
    "exhibition-ended": "ENDED",
    "exhibition-reported": "REPORTED",
    "exhibition-cancelled": "CANCELLED",
}


def checks() -> Iterator[Check]:
    """Return the checks of this module."""
    yield Check(
        invariant=2,
        name="One application of an enterprise for an exhibition, submitted once",
        compared=lambda evidence: f"{len(evidence.topics.of('application')):,} applications",
        differences=_duplicates,
    )
    yield Check(
        invariant=3,
        name="Every verified application meets every requirement of its call",
        compared=lambda evidence: f"{len(_verified(evidence)):,} verified applications",
        differences=_requirements,
    )
    yield Check(
        invariant=12,
        name="An enterprise has no more places in a programme and scope than its rules allow",
        compared=lambda evidence: f"{sum(map(len, _taken(evidence).values())):,} places taken",
        differences=_over_the_cap,
    )
    yield Check(
        name="Registration's applications = their events",
        compared=lambda evidence: f"{len(evidence.answers.applications):,} applications",
        differences=_applications,
    )
    yield Check(
        name="Registration's exhibitions = their events",
        compared=lambda evidence: f"{len(evidence.answers.exhibitions):,} exhibitions",
        differences=_exhibitions,
    )


def _duplicates(evidence: Evidence) -> Iterator[str]:
    for id, facts in evidence.topics.of("application").items():
        submissions = [fact for fact in facts if fact.word == "application-submitted"]
        if len(submissions) != 1 or facts[0].word != "application-submitted":
            yield f"{id} was submitted {len(submissions)} times"
        for fact in facts:
            applicant = fact.data["applicant"]
            if id != f"{applicant['exhibition']}.{applicant['enterprise']}":
                yield f"{fact.id} is of {applicant['enterprise']} for {applicant['exhibition']}"


def _verified(evidence: Evidence) -> dict[str, Application]:
    found = applications(evidence.topics).items()
    return {id: state for id, state in found if "application-verified" in state.words}


def _requirements(evidence: Evidence) -> Iterator[str]:
    calls = {fact.subject: fact.data for fact in evidence.topics.each("exhibition", "call-opened")}
    ends: dict[str, list[str]] = {}
    for fact in evidence.topics.each("exhibition", "call-opened", "exhibition-rescheduled"):
        ends.setdefault(fact.subject, []).append(fact.data["ends_on"])
    sets = rule_sets(evidence.topics)
    for id, application in _verified(evidence).items():
        exhibition = application.applicant["exhibition"]
        call, checked = calls[exhibition], application.frozen["valid_through"]
        # An application that has ended keeps the days that it had.
        days = ends[exhibition][-1:] if application.status in TOOK_PART else ends[exhibition]
        if checked not in days:
            yield f"{id}: checked through {checked}, the show ends on {days[-1]}"
        for name in ("rule_set", "requirements", "standards"):
            if application.frozen[name] != call[name]:
                yield f"{id}: its {name} is not that of the call"
        rules = sets[application.frozen["rule_set"]]
        yield from _unmet(application, rules, date.fromisoformat(checked))


def _unmet(application: Application, rules: Rules, last_day: date) -> Iterator[str]:
    if application.missing:
        # What is missing must still be renewed: without it, no participant attends.
        if application.attended:
            yield f"{application.id} took part without {', '.join(application.missing)}"
        return
    for code in unmet_rules(application, rules, last_day):
        yield f"{application.id} was verified, though it does not meet the rule {code}"


def _taken(evidence: Evidence) -> dict[tuple[str, str, str], list[Application]]:
    taken: dict[tuple[str, str, str], list[Application]] = {}
    for state in applications(evidence.topics).values():
        if state.status in TOOK_PART or state.after_decree:
            of = state.applicant
            key = (of["programme"], of["scope"], of["enterprise"])
            taken.setdefault(key, []).append(state)
    return taken


def _over_the_cap(evidence: Evidence) -> Iterator[str]:
    caps = {id: places_max(rules) for id, rules in rule_sets(evidence.topics).items()}
    for (programme, scope, enterprise), states in _taken(evidence).items():
        most = max(caps[state.frozen["rule_set"]] for state in states)
        slots = [state.slot for state in states]
        if len(slots) > most:
            yield f"{enterprise} took {len(slots)} places {scope} in {programme}"
        elif len(set(slots)) < len(slots) or set(slots) - set(range(1, most + 1)):
            yield f"{enterprise} took its places {scope} in {programme} as slots {slots}"


def _applications(evidence: Evidence) -> Iterator[str]:
    shown = evidence.answers.applications
    yield from unlisted(evidence.topics.of("application"), shown)
    for id, facts, item in paired(evidence.topics.of("application"), shown):
        state = application_of(id, facts)
        yield from unequal(f"{id} status", state.status, item["status"])
        yield from unequal(f"{id} applicant", state.applicant, item["applicant"])
        for name in FROZEN:
            yield from unequal(f"{id} {name}", state.frozen[name], item[name])
        yield from unequal(f"{id} reasons", list(state.reasons), item["reasons"])
        yield from unequal(f"{id} deadline_at", state.deadline_at, item["deadline_at"])
        letter = (item["commitment"] or {}).get("document")
        yield from unequal(f"{id} commitment", state.commitment, letter)
        contested = "attendance-contested" in state.words
        yield from unequal(f"{id} slot", state.slot, item["slot"])
        yield from unequal(f"{id} place", state.place, item["place"])
        yield from unequal(f"{id} contested", contested, item["contested"])
        days = [state.check_ins[day] for day in sorted(state.check_ins)]
        yield from unequal(f"{id} check_ins", days, item["check_ins"])
        if state.status == "CLOSED":
            passed_over = item["result"]["passed_over"]
            yield from unequal(f"{id} passed over", state.passed_over, passed_over)


def _exhibitions(evidence: Evidence) -> Iterator[str]:
    shown = evidence.answers.exhibitions
    yield from unlisted(evidence.topics.of("exhibition"), shown)
    for id, facts, item in paired(evidence.topics.of("exhibition"), shown):
        for name, value in _exhibition(facts).items():
            yield from unequal(f"{id} {name}", value, item[name])


def _exhibition(facts: Sequence[Fact]) -> dict[str, object]:
    proposed = facts[0].data
    expected: dict[str, object] = {
        "status": EXHIBITION_STATUSES[
            [fact.word for fact in facts if fact.word != "exhibition-rescheduled"][-1]
        ],
        "call": None,
        "decree": None,
        "report": None,
        "report_signed_on": None,
        "report_late": False,
        "rescheduled_because": None,
        "cancelled_because": None,
        "replaced_by": None,
        **{name: proposed[name] for name in PROPOSED},
    }
    for fact in facts:
        match fact.word:
            case "exhibition-planned":
                names = ("venue", "starts_on", "ends_on", "places", "booths")
                expected["plan"] = {name: fact.data[name] for name in names}
                expected["planned_on"] = fact.data["planned_on"]
            case "call-opened":
                call = {name: fact.data[name] for name in CALL}
                expected["call"] = call | {"last_day": fact.data["ends_on"]}
            case "exhibition-rescheduled":
                expected |= _rescheduled(fact.data, expected)
            case "exhibition-decreed":
                expected["decree"] = fact.data["decree"]
            case "exhibition-reported":
                expected["report"] = fact.data["report"]
                expected["report_signed_on"] = fact.data["signed_on"]
                expected["report_late"] = fact.data["late"]
            case "exhibition-cancelled":
                expected["replaced_by"] = fact.data["replaced_by"]
                expected["cancelled_because"] = fact.data["code"]
            case _:
                pass
    return expected


def _rescheduled(data: Data, before: dict[str, Any]) -> dict[str, object]:
    """Return the fields of an exhibition that other days change."""
    days = {name: data[name] for name in ("starts_on", "ends_on")}
    call = before["call"] and before["call"] | {"last_day": data["ends_on"]}
    return {
        "plan": before["plan"] | days,
        "call": call,
        "rescheduled_because": data["code"],
    }
