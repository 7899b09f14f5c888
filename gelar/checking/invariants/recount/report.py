"""Achievement, funnel, seats, budget and exhibitions of a report, counted from the events.

Each function returns a section of the report as reporting's API writes it, without labels; sums of
money are numbers here. Every row that must be there is there. `results` and `participation` have
the other sections.
"""

from collections.abc import Iterable
from typing import Any

from gelar.checking.invariants.answers import SCOPES, Part
from gelar.checking.invariants.recount import money
from gelar.checking.invariants.recount.applications import (
    Application,
    applications,
    in_part,
)
from gelar.checking.invariants.recount.coverage import covers, name_of, of_scope, percent
from gelar.checking.invariants.recount.rounds import Round, rounds
from gelar.checking.invariants.topics import Data, Fact, Topics

Row = dict[str, Any]

STAGES = {
    "submitted": "application-submitted",
    "eligible": "application-verified",
    "rejected": "application-rejected",
    "offered": "offer-received",
    "accepted": "place-accepted",
    "declined": "place-declined",
    "expired": "offer-expired",
    "confirmed": "participation-confirmed",
    "attended": "participant-attended",
    "absent": "participant-absent",
    "withdrawn": "application-withdrawn",
    "lapsed": "application-lapsed",
}
INDICATORS = ("ENTERPRISES", "PARTICIPATIONS", "EXHIBITIONS")


def achievement(topics: Topics, part: Part) -> Row:
    """Return target and realised of every scope and indicator; of one scope if the part has one."""
    announced, *revised = topics.of("programme")[part.programme]
    original, present = _targets(announced.data), _targets((revised or [announced])[-1].data)
    scopes = (part.scope,) if part.scope else (*SCOPES, "ALL")
    rows = []
    for scope in scopes:
        whole = Part(part.programme, None if scope == "ALL" else scope)
        for indicator in INDICATORS:
            realised = _realised(topics, whole, indicator)
            before, now = original.get((scope, indicator)), present.get((scope, indicator))
            rows.append(
                {
                    "scope": scope,
                    "indicator": indicator,
                    "original_target": before,
                    "target": now,
                    "realised": realised,
                    "illustrative": _illustrative(topics, whole, indicator),
                    "percent_of_original": percent(realised, before),
                    "percent": percent(realised, now),
                }
            )
    return {
        "covers": covers(topics, of_scope(part)),
        "original": _target_set(announced, scopes),
        "revisions": [_target_set(fact, scopes) for fact in revised],
        "items": rows,
    }


def _targets(data: Data) -> dict[tuple[str, str], int]:
    return {(row["scope"], row["indicator"]): row["value"] for row in data["targets"]}


def _target_set(fact: Fact, scopes: Iterable[str]) -> Row:
    return {
        "document_number": fact.data["document_number"],
        "signed_on": fact.data["signed_on"],
        "code": fact.data.get("code"),
        "items": [row for row in fact.data["targets"] if row["scope"] in scopes],
    }


def _illustrative(topics: Topics, part: Part, indicator: str) -> int:
    flagged = {id for id, facts in topics.of("exhibition").items() if facts[0].data["illustrative"]}
    match indicator:
        case "ENTERPRISES":
            came = [state.applicant for state in _attended(topics, part)]
            elsewhere = {each["enterprise"] for each in came if each["exhibition"] not in flagged}
            return len({each["enterprise"] for each in came} - elsewhere)
        case "PARTICIPATIONS":
            attended = _attended(topics, part)
            return sum(state.applicant["exhibition"] in flagged for state in attended)
        case _:
            return sum(id in flagged for id in _held(topics, part))


def _realised(topics: Topics, part: Part, indicator: str) -> int:
    attended = _attended(topics, part)
    match indicator:
        case "ENTERPRISES":
            return len({state.applicant["enterprise"] for state in attended})
        case "PARTICIPATIONS":
            return len(attended)
        case _:
            return len(_held(topics, part))


def _held(topics: Topics, part: Part) -> list[str]:
    found = topics.of("exhibition").items()
    return [id for id, facts in found if part.has(facts[0].data) and _phase(facts) == "HELD"]


def _phase(facts: Iterable[Fact]) -> str:
    words = {fact.word for fact in facts}
    for word, phase in (
        ("exhibition-cancelled", "CANCELLED"),
        ("exhibition-opened", "HELD"),
        ("call-opened", "CALLED"),
    ):
        if word in words:
            return phase
    return "PROPOSED"


def _attended(topics: Topics, part: Part) -> list[Application]:
    found = in_part(part, applications(topics).values())
    return [state for state in found if state.attended]


def funnel(topics: Topics, part: Part) -> Row:
    """Return the count of applications that reached each stage, and of the seats ever given.

    A contested attendance is no realised participation: it has a row of its own.
    """
    found = in_part(part, applications(topics).values())
    rows = []
    for stage, word in STAGES.items():
        if stage == "offered":
            given = sum(state.given for state in _rounds(topics, part))
            rows.append({"stage": "selected", "count": given})
        reached = [state for state in found if word in state.words]
        contested = [state for state in reached if state.contested and stage == "attended"]
        rows.append({"stage": stage, "count": len(reached) - len(contested)})
        if stage == "attended":
            rows.append({"stage": "contested", "count": len(contested)})
    return {"covers": covers(topics, part), "items": rows}


def seats(topics: Topics, part: Part) -> Row:
    """Return the figures of the rounds."""
    found = _rounds(topics, part)
    return {
        "covers": covers(topics, part),
        "places": sum(state.places for state in found),
        "selected": sum(state.given for state in found),
        "confirmed": sum(state.confirmed for state in found),
        "lost": sum(state.lost for state in found),
        "annex": sum(_annex(state) for state in found),
    }


def _annex(state: Round) -> int:
    return 0 if state.status == "CANCELLED" else len(state.annex or ())


def _rounds(topics: Topics, part: Part) -> list[Round]:
    found = rounds(topics)
    return [found[id] for id, facts in topics.of("round").items() if part.has(facts[0].data)]


def budget(topics: Topics, part: Part) -> Row:
    """Return the budget of every scope with an envelope, and of all; of one scope if it has one."""
    opened = [
        state for state in money.envelopes(topics).values() if state.programme == part.programme
    ]
    used = [
        state for state in money.allocations(topics).values() if state.programme == part.programme
    ]
    scopes = sorted({state.scope for state in opened})
    wanted = [part.scope] if part.scope else [*scopes, "ALL"]
    rows = [
        _budget(
            scope,
            [state for state in opened if scope in ("ALL", state.scope)],
            [state for state in used if scope in ("ALL", state.scope)],
        )
        for scope in wanted
        if scope in (*scopes, "ALL")
    ]
    return {"covers": covers(topics, of_scope(part)), "items": rows}


def _budget(scope: str, opened: list[money.Envelope], used: list[money.Allocation]) -> Row:
    pagu = sum(state.pagu_idr for state in opened)
    blocked = sum(state.blocked_idr for state in opened)
    row = _use(used)
    return {
        "scope": scope,
        "pagu_idr": pagu,
        "blocked_idr": blocked,
        "effective_idr": pagu - blocked,
        "allotted_idr": sum(state.allotted_idr for state in opened),
        **row,
        "available_idr": pagu - blocked - row["reserved_idr"] - row["committed_idr"],
        "remaining_idr": pagu - row["realised_idr"],
        "absorption_percent": percent(row["realised_idr"], pagu),
    }


def _use(used: list[money.Allocation]) -> Row:
    # Reporting calls committed what budget calls contracted.
    committed = sum(sum(state.contracted.values()) for state in used)
    realised = sum(state.realised_idr for state in used)
    return {
        "reserved_idr": sum(sum(state.reserved.values()) for state in used),
        "committed_idr": committed,
        "outstanding_idr": committed - realised,
        "realised_idr": realised,
        "sunk_idr": sum(sum(state.sunk.values()) for state in used),
    }


def exhibitions(topics: Topics, part: Part) -> Row:
    """Return each exhibition: its name and flag, who came, and its money."""
    found = {id: facts for id, facts in topics.of("exhibition").items() if part.has(facts[0].data)}
    return {
        "covers": covers(topics, part),
        "items": [_exhibition(topics, id, facts) for id, facts in sorted(found.items())],
    }


def _exhibition(topics: Topics, id: str, facts: list[Fact]) -> Row:
    proposed = facts[0].data
    came = in_part(Part(proposed["programme"], exhibition=id), applications(topics).values())
    state = money.allocations(topics).get(id) or money.Allocation(id=id)
    return {
        "exhibition": id,
        "name": name_of(facts),
        "illustrative": proposed["illustrative"],
        "scope": proposed["scope"],
        "phase": _phase(facts),
        "attended": sum(application.attended for application in came),
        "contested": sum(application.contested for application in came),
        "absent": sum("participant-absent" in application.words for application in came),
        "ceiling_idr": state.ceiling_idr,
        **_use([state]),
        "free_idr": state.free_idr,
        "absorption_percent": percent(state.realised_idr, state.ceiling_idr),
    }
