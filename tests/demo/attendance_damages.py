"""Damages of booths and check-ins, which the checks of the audit must find."""

from gelar.checking.invariants.check import Evidence
from tests.demo.damage import Damage
from tests.demo.forgeries import change, exchange, first, repeat

BOOTHS = "No booth holds more enterprises than it may, at any time"
LISTED = "The participants of a floor plan are the confirmed places of its round"
CHECK_INS = "Each check-in is of a day of its exhibition, once, undone by another officer"


def crowd_a_booth(evidence: Evidence) -> None:
    """Let all participants of an exhibition stand in one booth."""
    for assignment in first(evidence, "floor-plan", "booths-assigned").data["assignments"]:
        assignment["booth"] = "A-1"


def change_the_terms(evidence: Evidence) -> None:
    """Let a call have other booths than the plan."""
    call = first(evidence, "exhibition", "call-opened")
    call.data["booths"] = {"number": 1, "shared_by": 1}


def give_a_booth_to_a_stranger(evidence: Evidence) -> None:
    """Let a booth be given to an enterprise without a place."""
    assigned = first(evidence, "floor-plan", "booths-assigned")
    assigned.data["assignments"][0]["enterprise"] = "stranger"


def plan_fewer_booths(evidence: Evidence) -> None:
    """Let an exhibition be planned with one booth less than are in use."""
    assigned = first(evidence, "floor-plan", "booths-assigned")
    used = {each["booth"] for each in assigned.data["assignments"]}
    planned = first(evidence, "exhibition", "exhibition-planned", exhibition=assigned.subject)
    planned.data["booths"]["number"] = len(used) - 1


def forget_a_participant(evidence: Evidence) -> None:
    """Let a participant that has a booth never have been listed."""
    assigned = first(evidence, "floor-plan", "booths-assigned")
    enterprise = assigned.data["assignments"][0]["enterprise"]
    facts = evidence.topics.facts["floor-plan"][assigned.subject]
    facts[:] = [
        fact
        for fact in facts
        if (fact.word, fact.data.get("enterprise")) != ("participant-listed", enterprise)
    ]


def undo(evidence: Evidence, *, actor: str | None) -> None:
    """Let the officer of a check-in, or another person, undo it twice."""
    checked_in = first(evidence, "application", "participant-checked-in")
    facts = evidence.topics.facts["application"][checked_in.subject]
    undone = checked_in._replace(word="check-in-undone", actor=actor or checked_in.actor)
    facts.extend([undone] * (2 if actor else 1))


def be_absent_although_checked_in(evidence: Evidence) -> None:
    """Record a participant as absent that was checked in."""
    checked_in = first(evidence, "application", "participant-checked-in")
    facts = evidence.topics.facts["application"][checked_in.subject]
    facts.append(checked_in._replace(word="participant-absent", data={}))


def record_before_the_scan(evidence: Evidence) -> None:
    """Let a check-in be recorded before its code was scanned."""
    checked_in = first(evidence, "application", "participant-checked-in")
    exchange(evidence, checked_in, time="2018-01-01T00:00:00.000Z")


ATTENDANCE_DAMAGES = [
    Damage(BOOTHS, "all in one booth", crowd_a_booth),
    Damage(BOOTHS, "other terms in the call", change_the_terms),
    Damage(BOOTHS, "a booth of a stranger", give_a_booth_to_a_stranger),
    Damage(BOOTHS, "more booths than planned", plan_fewer_booths),
    Damage(LISTED, "not listed", forget_a_participant),
    Damage(CHECK_INS, "on another day",
           lambda e: change(e, "application", "participant-checked-in", day="2018-12-31")),
    Damage(CHECK_INS, "twice on a day",
           lambda e: repeat(e, "application", "participant-checked-in")),
    Damage(CHECK_INS, "undone by its officer", lambda e: undo(e, actor=None)),
    Damage(CHECK_INS, "undone twice", lambda e: undo(e, actor="another")),
    Damage(CHECK_INS, "absent and checked in", be_absent_although_checked_in),
    Damage(CHECK_INS, "recorded before the scan", record_before_the_scan),
]  # fmt: skip
