"""Damages of days and deadlines, which the checks of the calendar must find."""

from gelar.checking.invariants.check import Evidence
from tests.demo.damage import Damage
from tests.demo.forgeries import change, exchange, first


def open_early(evidence: Evidence) -> None:
    """Open an exhibition at the beginning of the year."""
    opened = first(evidence, "exhibition", "exhibition-opened")
    exchange(evidence, opened, time="2018-01-01T00:00:00.000Z")


def revise_targets(evidence: Evidence, *days: str) -> None:
    """Revise the targets of the year by documents of these days, all recorded at its end."""
    announced = first(evidence, "programme", "programme-announced")
    evidence.topics.facts["programme"][announced.subject].extend(
        announced._replace(
            sequence=number,
            word="targets-revised",
            time="2018-12-30T00:00:00.000Z",
            data=announced.data | {"signed_on": day, "code": "other"},
        )
        for number, day in enumerate(days, announced.sequence + 1)
    )


def end_early(evidence: Evidence) -> None:
    """End an exhibition at the moment of its opening."""
    ended = first(evidence, "exhibition", "exhibition-ended")
    opened = first(evidence, "exhibition", "exhibition-opened", exhibition=ended.subject)
    exchange(evidence, ended, time=opened.time)


def plan_both(evidence: Evidence) -> None:
    """Cancel an exhibition long after its alternative was planned."""
    slots = {
        fact.subject
        for fact in evidence.topics.each("exhibition", "exhibition-proposed")
        if fact.data["slot"] is not None
    }
    cancelled = next(
        fact
        for fact in evidence.topics.each("exhibition", "exhibition-cancelled")
        if fact.subject in slots
    )
    exchange(evidence, cancelled, time="2018-12-31T00:00:00.000Z")


def reject_early(evidence: Evidence) -> None:
    """Reject an application at once, because its correction was not delivered."""
    request = first(evidence, "application", "correction-requested")
    facts = evidence.topics.facts["application"][request.subject]
    rejected = request._replace(
        sequence=request.sequence + 1,
        word="application-rejected",
        data=request.data | {"reasons": ["correction-not-delivered"]},
    )
    facts.insert(facts.index(request) + 1, rejected)


def decree_late(evidence: Evidence) -> None:
    """Record a decree at the end of the year."""
    decreed = first(evidence, "round", "participants-decreed")
    exchange(evidence, decreed, time="2018-12-31T00:00:00.000Z")


def withdraw_late(evidence: Evidence) -> None:
    """Withdraw from an exhibition at the end of the year."""
    opened = {fact.subject for fact in evidence.topics.each("exhibition", "exhibition-opened")}
    withdrawn = next(
        fact
        for fact in evidence.topics.each("application", "application-withdrawn")
        if fact.data["applicant"]["exhibition"] in opened
    )
    exchange(evidence, withdrawn, time="2018-12-31T00:00:00.000Z")


def attend_early(evidence: Evidence) -> None:
    """Attend at the beginning of the year."""
    attended = first(evidence, "application", "participant-attended")
    exchange(evidence, attended, time="2018-01-01T00:00:00.000Z")


def correct_late(evidence: Evidence) -> None:
    """Correct an attendance at the end of the year."""
    corrected = first(evidence, "application", "attendance-corrected")
    exchange(evidence, corrected, time="2018-12-31T00:00:00.000Z")


def sanction(evidence: Evidence, ends_on: str | None) -> None:
    """Put an enterprise that applies under a sanction from the beginning of the year."""
    submitted = first(evidence, "application", "application-submitted")
    facts = evidence.topics.facts["enterprise"][submitted.data["applicant"]["enterprise"]]
    facts.append(
        facts[-1]._replace(
            sequence=facts[-1].sequence + 1,
            word="sanction-imposed",
            time="2018-01-02T00:00:00.000Z",
            data={"sanction": 9, "starts_on": "2018-01-02", "ends_on": ends_on},
        )
    )


def revise_late(evidence: Evidence) -> None:
    """Revise an application at the end of the year, long after its call."""
    submitted = first(evidence, "application", "application-submitted")
    facts = evidence.topics.facts["application"][submitted.subject]
    late = submitted._replace(word="application-revised", time="2018-12-30T00:00:00.000Z")
    facts.insert(1, late._replace(sequence=submitted.sequence + 1))


CALENDAR_DAMAGES = (
    Damage("Exhibitions are planned, opened and ended on their days", "another year",
           lambda e: change(e, "exhibition", "exhibition-planned", starts_on="2019-01-05")),
    Damage("Exhibitions are planned, opened and ended on their days", "opened a day early",
           open_early),
    Damage("Exhibitions are planned, opened and ended on their days", "ended on a day of it",
           end_early),
    Damage("Of the alternatives of a slot at most one is planned at a time", "both of them",
           plan_both),
    Damage("Reports and targets are by documents of their days",
           "reported by a report signed at the beginning of the year",
           lambda e: change(e, "exhibition", "exhibition-reported", signed_on="2018-01-02")),
    Damage("Reports and targets are by documents of their days",
           "reported by a report signed later",
           lambda e: change(e, "exhibition", "exhibition-reported", signed_on="2019-12-30")),
    Damage("Reports and targets are by documents of their days",
           "a document of long before", lambda e: revise_targets(e, "2008-02-01")),
    Damage("Reports and targets are by documents of their days",
           "a document signed after its record", lambda e: revise_targets(e, "2018-12-31")),
    Damage("Reports and targets are by documents of their days",
           "an older document after a newer one",
           lambda e: revise_targets(e, "2018-03-01", "2018-02-01")),
    Damage("Answers come before their deadlines, and what expires after them", "a late acceptance",
           lambda e: change(e, "application", "offer-received", deadline_at="2018-01-01T00Z")),
    Damage("Answers come before their deadlines, and what expires after them",
           "rejected before the deadline", reject_early),
    Damage("Answers come before their deadlines, and what expires after them",
           "an offer into the exhibition",
           lambda e: change(e, "application", "offer-received", deadline_at="2018-12-31T00Z")),
    Damage("Answers come before their deadlines, and what expires after them",
           "submitted after the call",
           lambda e: change(e, "application", "application-submitted",
                            submitted_at="2018-12-30T00:00:00Z")),
    Damage("Answers come before their deadlines, and what expires after them",
           "revised after the call", revise_late),
    Damage("No enterprise applies, or is found eligible, while it is under a sanction",
           "under a sanction of the whole year", lambda e: sanction(e, "2018-12-31")),
    Damage("No enterprise applies, or is found eligible, while it is under a sanction",
           "under a sanction without an end", lambda e: sanction(e, None)),
    Damage("Withdrawals come before the exhibition, attendance between opening and report",
           "a withdrawal long after", withdraw_late),
    Damage("Withdrawals come before the exhibition, attendance between opening and report",
           "attended before the opening", attend_early),
    Damage("Withdrawals come before the exhibition, attendance between opening and report",
           "corrected after the report", correct_late),
)  # fmt: skip
