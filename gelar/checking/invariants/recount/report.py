"""The report of a programme or a part of it, counted from the events.

Each function returns a section of the report as reporting's API writes it, without labels. Every
row that must be there is there. Rows without any figure are left out.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from gelar.checking.invariants.answers import SCOPES, Part
from gelar.checking.invariants.recount import money
from gelar.checking.invariants.recount.applications import (
    Application,
    applications,
    in_part,
)
from gelar.checking.invariants.recount.outcomes import outcomes
from gelar.checking.invariants.recount.rounds import Round, rounds
from gelar.checking.invariants.topics import Topics

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


def percent(part: int, whole: int | None) -> Decimal | None:
    """Return `part / whole` in per cent, two decimals, half up; None without a whole ("n/a")."""
    if not whole:
        return None
    return (Decimal(100 * part) / whole).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def achievement(topics: Topics, part: Part) -> list[Row]:
    """Return target and realised of every scope and indicator; of one scope if the part has one."""
    (*_, latest) = topics.of("programme")[part.programme]
    targets = {(row["scope"], row["indicator"]): row["value"] for row in latest.data["targets"]}
    scopes = (*SCOPES, "ALL") if part.scope is None or part.exhibition else (part.scope,)
    rows = []
    for scope in scopes:
        whole = Part(part.programme, None if scope == "ALL" else scope)
        for indicator in INDICATORS:
            target = targets.get((scope, indicator))
            realised = _realised(topics, whole, indicator)
            rows.append(
                {
                    "scope": scope,
                    "indicator": indicator,
                    "target": target,
                    "realised": realised,
                    "percent": percent(realised, target),
                }
            )
    return rows


def _realised(topics: Topics, part: Part, indicator: str) -> int:
    attended = _attended(topics, part)
    match indicator:
        case "ENTERPRISES":
            return len({state.applicant["enterprise"] for state in attended})
        case "PARTICIPATIONS":
            return len(attended)
        case _:
            held = 0
            for facts in topics.of("exhibition").values():
                words = {fact.word for fact in facts}
                opened = "exhibition-opened" in words and "exhibition-cancelled" not in words
                held += opened and part.has(facts[0].data)
            return held


def _attended(topics: Topics, part: Part) -> list[Application]:
    found = in_part(part, applications(topics).values())
    return [state for state in found if state.attended]


def funnel(topics: Topics, part: Part) -> list[Row]:
    """Return the count of applications that reached each stage, and of the seats ever given."""
    found = in_part(part, applications(topics).values())
    rows = []
    for stage, word in STAGES.items():
        if stage == "offered":
            given = sum(state.given for state in _rounds(topics, part))
            rows.append({"stage": "selected", "count": given})
        rows.append({"stage": stage, "count": sum(word in state.words for state in found)})
    return rows


def seats(topics: Topics, part: Part) -> Row:
    """Return the figures of the rounds."""
    found = _rounds(topics, part)
    return {
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


def budget(topics: Topics, part: Part) -> list[Row]:
    """Return the budget of every scope with an envelope, and of all; of one scope if it has one."""
    opened = [
        state for state in money.envelopes(topics).values() if state.programme == part.programme
    ]
    used = [
        state for state in money.allocations(topics).values() if state.programme == part.programme
    ]
    scopes = sorted({state.scope for state in opened})
    wanted = [part.scope] if part.scope and not part.exhibition else [*scopes, "ALL"]
    return [
        _budget(
            scope,
            [state for state in opened if scope in ("ALL", state.scope)],
            [state for state in used if scope in ("ALL", state.scope)],
        )
        for scope in wanted
        if scope in (*scopes, "ALL")
    ]


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


def ceilings(topics: Topics, programme: str) -> list[Row]:
    """Return the money of each exhibition that has an allocation."""
    return [
        {
            "exhibition": id,
            "scope": state.scope,
            "ceiling_idr": state.ceiling_idr,
            **_use([state]),
            "free_idr": state.free_idr,
            "absorption_percent": percent(state.realised_idr, state.ceiling_idr),
        }
        for id, state in money.allocations(topics).items()
        if state.programme == programme
    ]


def results(topics: Topics, part: Part) -> list[Row]:
    """Return the outcomes by rung and status; void ones are left out, rungs are never added."""
    rows: dict[tuple[str, str], Counter[str]] = {}
    for outcome in outcomes(topics).values():
        if not part.has(outcome.applicant):
            continue
        for rung, posting in outcome.postings():
            row = rows.setdefault((rung, posting.status), Counter())
            row.update(count=1, amount_idr=posting.amount_idr)
            if posting is outcome.own:
                row["followed_up_idr"] += outcome.followed_up_idr
            if posting.devisa:
                row.update(devisa_count=1, devisa_idr=posting.amount_idr)
    names = ("count", "amount_idr", "followed_up_idr", "devisa_count", "devisa_idr")
    return [
        {"rung": rung, "status": status, **{name: row[name] for name in names}}
        for (rung, status), row in rows.items()
        if status != "VOID"
    ]


def participation(topics: Topics, part: Part) -> Row:
    """Return who took part: totals, distinct enterprises, by province, sector and size class."""
    found = in_part(part, applications(topics).values())
    totals = _participation(found)
    return {
        **totals,
        "first_timer_percent": percent(totals["first_timers"], totals["attended"]),
        "distinct": _distinct(found),
        "by_province": _by(found, "province", lambda who: who["province"]["iso"]),
        "by_sector": _by(found, "sector", lambda who: str(who["sector"])),
        "by_size_class": _by(found, "size_class", lambda who: str(who["size_class"])),
    }


def _participation(found: Iterable[Application]) -> dict[str, int]:
    states = list(found)
    attended = [state for state in states if state.attended]
    return {
        "attended": len(attended),
        "absent": sum("participant-absent" in state.words for state in states),
        "contested": sum("attendance-contested" in state.words for state in states),
        "first_timers": sum(state.applicant["first_timer"] for state in attended),
        "cooperatives": sum(state.applicant["cooperative"] for state in attended),
    }


def _distinct(found: Iterable[Application]) -> Row:
    attended = [state.applicant for state in found if state.attended]
    enterprises = {who["enterprise"] for who in attended}
    first_timers = {who["enterprise"] for who in attended if who["first_timer"]}
    return {
        "enterprises": len(enterprises),
        "first_timers": len(first_timers),
        "first_timer_percent": percent(len(first_timers), len(enterprises)),
    }


def _by(found: Iterable[Application], name: str, value: Callable[[Row], str]) -> list[Row]:
    groups: dict[str, list[Application]] = {}
    for state in found:
        groups.setdefault(value(state.applicant), []).append(state)
    rows = [{name: key, **_participation(states)} for key, states in groups.items()]
    return [row for row in rows if any(row[measure] for measure in row if measure != name)]
