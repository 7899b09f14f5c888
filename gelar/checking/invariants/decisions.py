"""The decisions of curators and approvers: invariants 4, 5 and 6.

Sheets, scores and proposals are in no topic. They come from selection's API, which shows them to an
auditor once they are sealed or approved; the ranking is made again from the sheets.
"""

from collections.abc import Iterator, Sequence

from gelar.checking.invariants.answers import Item
from gelar.checking.invariants.check import Check, Evidence, paired, unequal, unlisted
from gelar.checking.invariants.recount.calibration import calibrated_scores
from gelar.checking.invariants.recount.rankings import Lists, digest, lists_of
from gelar.checking.invariants.recount.rounds import round_of
from gelar.checking.invariants.recount.sheets import (
    gates_not_passed,
    is_complete,
    mean_of,
    total_of,
)
from gelar.checking.invariants.topics import Data, Fact

SHEETS_MIN = 3


def checks() -> Iterator[Check]:
    """Return the checks of this module."""
    yield Check(
        invariant=4,
        name="Three independent sheets at least, none of a curator with a conflict",
        compared=_sheets_compared,
        differences=_sheets,
    )
    yield Check(
        invariant=4,
        name="Every score is the mean of its sheets by the rubric",
        compared=_sheets_compared,
        differences=_scores,
    )
    yield Check(
        name="Selection's candidates = their events, and those of the applications",
        compared=lambda evidence: f"{len(evidence.answers.candidates):,} candidates",
        differences=_candidates,
    )
    yield Check(
        invariant=5,
        name="Every approved ranking is made again from its sheets, byte for byte",
        compared=lambda evidence: f"{len(evidence.answers.proposals)} approved proposals",
        differences=_rankings,
    )
    yield Check(
        invariant=6,
        name="A selection is approved or returned, and a seat is taken, by two people",
        compared=_judgements_compared,
        differences=_judgements,
    )


def _scored(evidence: Evidence) -> dict[str, Item]:
    candidates = evidence.answers.candidates.items()
    return {id: item for id, item in candidates if item["score"] is not None}


def _sheets_compared(evidence: Evidence) -> str:
    scored = _scored(evidence)
    sheets = sum(len(item["sheets"]) for item in scored.values())
    return f"{sheets:,} sheets of {len(scored):,} candidates"


def _sheets(evidence: Evidence) -> Iterator[str]:
    opened = {fact.subject: fact.data for fact in evidence.topics.each("round", "round-opened")}
    for id, item in _scored(evidence).items():
        wanted = max(SHEETS_MIN, opened[item["exhibition"]]["sheets_min"])
        curators = [sheet["curator"] for sheet in item["sheets"]]
        if len(curators) < wanted:
            yield f"{id} has {len(curators)} sheets, {wanted} are wanted"
        if len(set(curators)) < len(curators):
            yield f"{id} has two sheets of one curator"
        panel = evidence.answers.rounds[item["exhibition"]]["panel"]
        for curator in sorted(set(curators) - set(panel)):
            yield f"{id} was scored by {curator}, who is not on the panel"
        for conflict in item["conflicts"]:
            if conflict["curator"] in curators:
                kinds = ", ".join(conflict.get("kinds", ())) or "declared"
                yield f"{id} was scored by {conflict['curator']}, who has a conflict ({kinds})"


def _candidates(evidence: Evidence) -> Iterator[str]:
    shown = evidence.answers.candidates
    yield from unlisted(evidence.topics.of("candidate"), shown)
    verified = {
        fact.subject: fact.data
        for fact in evidence.topics.each("application", "application-verified")
    }
    for id, facts, item in paired(evidence.topics.of("candidate"), shown):
        words = [fact.word for fact in facts]
        yield from unequal(f"{id} status", _status(words), item["status"])
        yield from unequal(f"{id} sealed_by", _seal(facts), item["sealed_by"])
        yield from unequal(f"{id} applicant", facts[0].data["applicant"], item["applicant"])
        if "candidate-entered" in words:
            for name in ("applicant", "submitted_at"):
                yield from unequal(f"{id} {name}", verified[id][name], item[name])


def _status(words: Sequence[str]) -> str:
    if "candidate-withdrawn" in words:
        return "WITHDRAWN"
    return "ENDED" if "candidate-ended" in words else "ENTERED"


def _seal(facts: Sequence[Fact]) -> int | None:
    seal: int | None = None
    for fact in facts:
        if fact.word == "candidate-scored":
            seal = fact.data["closing"]
        elif fact.word == "candidate-reopened":
            seal = None
    return seal


def _rubrics(evidence: Evidence) -> dict[str, Data]:
    """Return the rubric of each exhibition's round."""
    published = {
        fact.subject: fact.data for fact in evidence.topics.each("rubric", "rubric-published")
    }
    opened = evidence.topics.each("round", "round-opened")
    return {fact.subject: published[fact.data["rubric"]] for fact in opened}


def _scores(evidence: Evidence) -> Iterator[str]:
    rubrics = _rubrics(evidence)
    for id, item in _scored(evidence).items():
        rubric, sector = rubrics[item["exhibition"]], item["applicant"]["sector"]
        for sheet in item["sheets"]:
            if not is_complete(sheet, rubric, sector):
                yield f"{id}: the sheet of {sheet['curator']} is not complete"
            total = total_of(sheet, rubric, sector)
            yield from unequal(f"{id} {sheet['curator']} total", total, sheet["total"])
        yield from unequal(f"{id} score", mean_of(item, rubric), item["score"])
        yield from unequal(f"{id} gates", gates_not_passed(item), item["not_passed"])


def _rankings(evidence: Evidence) -> Iterator[str]:
    approved = {
        fact.subject: fact.data for fact in evidence.topics.each("round", "selection-approved")
    }
    opened = {fact.subject: fact.data for fact in evidence.topics.each("round", "round-opened")}
    made = {fact.subject: fact.data for fact in evidence.topics.each("ranking", "ranking-made")}
    rubrics = _rubrics(evidence)
    yield from unequal("proposals", sorted(approved), sorted(evidence.answers.proposals))
    for exhibition, proposal in evidence.answers.proposals.items():
        terms = opened[exhibition]
        candidates = [evidence.answers.candidates[row["application"]] for row in _rows(proposal)]
        yield from _calibrated(exhibition, proposal, candidates, rubrics[exhibition])
        scored = _with_scores(proposal, candidates, rubrics[exhibition])
        lists = lists_of(scored, proposal)
        yield from (f"{exhibition}: {fault}" for fault in lists.faults)
        yield from unequal(f"{exhibition} digest", digest(lists, proposal), proposal["digest"])
        ranking = made[proposal["ranking"]]
        for name in ("closing", "method", "rubric", "threshold", "places", "quotas", "funds"):
            yield from unequal(f"{exhibition} ranking's {name}", ranking[name], proposal[name])
        ranked_count = len(_rows(proposal))
        yield from unequal(f"{exhibition} ranked", ranking["candidates"], ranked_count)
        for name in ("rubric", "threshold", "places", "quotas"):
            yield from unequal(f"{exhibition} {name}", terms[name], proposal[name])
        closing, remaining = _at_approval(exhibition, evidence)
        yield from unequal(f"{exhibition} closing", closing, proposal["closing"])
        ranked = sorted(row["application"] for row in _rows(proposal))
        yield from unequal(f"{exhibition} candidates", remaining, ranked)
        for name, rows in lists.rows.items():
            shown = [[row["application"], row["score"]] for row in proposal[name]]
            yield from unequal(f"{exhibition} {name}", rows, shown)
        yield from _as_approved(exhibition, lists, approved[exhibition])


def _with_scores(proposal: Item, candidates: list[Item], rubric: Data) -> list[Item]:
    """Return the candidates with the score that ranks (`made`), the raw score and their gates."""
    shown = {row["application"]: row["score"] for row in _rows(proposal)}
    # A calibrated score was compared to a hundredth; the lists are made of what is shown.
    is_calibrated = (rubric["deciding"], proposal["guard"]) == ("CALIBRATED", "none")
    scored = []
    for item in candidates:
        raw = mean_of(item, rubric)
        made = shown[item["id"]] if is_calibrated else raw
        scored.append(item | {"made": made, "raw": raw, "gates": gates_not_passed(item)})
    return scored


def _calibrated(
    exhibition: str, proposal: Item, candidates: list[Item], rubric: Data
) -> Iterator[str]:
    yield from unequal(f"{exhibition} deciding", rubric["deciding"], proposal["deciding"])
    rows = {row["application"]: row for row in _rows(proposal)}
    for item in candidates:
        yield from unequal(f"{item['id']} raw", mean_of(item, rubric), rows[item["id"]]["raw"])
    if proposal["guard"] != "none":
        yield from unequal(f"{exhibition} calibrated", {}, _given(rows, "calibrated"))
        return
    totals = {
        item["id"]: {
            sheet["curator"]: total_of(sheet, rubric, item["applicant"]["sector"])
            for sheet in item["sheets"]
        }
        for item in candidates
    }
    for id, score in calibrated_scores(totals).items():
        shown = rows[id]["calibrated"]
        if shown is None or abs(score - shown) > 1:
            yield f"{id} calibrated: {score:.1f} by its sheets, {shown} shown"
        if rubric["deciding"] == "CALIBRATED":
            yield from unequal(f"{id} deciding score", shown, rows[id]["score"])


def _given(rows: dict[str, Item], name: str) -> dict[str, object]:
    return {id: row[name] for id, row in rows.items() if row[name] is not None}


def _as_approved(exhibition: str, lists: Lists, approved: Data) -> Iterator[str]:
    for name in ("selected", "reserve"):
        ids = [row[0] for row in lists.rows[name]]
        yield from unequal(f"{exhibition} approved {name}", ids, approved[name])
    stopped = sorted(str(row[0]) for row in lists.not_passed)
    yield from unequal(f"{exhibition} gates", stopped, sorted(approved["not_passed"]))
    yield from unequal(f"{exhibition} missed minima", lists.shortfalls, approved["shortfalls"])
    over = [number for each in lists.passed_over for number in each["numbers"]]
    shown_over = sum(len(each["numbers"]) for each in approved["passed_over"])
    yield from unequal(f"{exhibition} passed over", len(over), shown_over)


def _at_approval(exhibition: str, evidence: Evidence) -> tuple[int, list[str]]:
    """Return the closing and the remaining candidates of a round when it was approved."""
    facts = evidence.topics.of("round")[exhibition]
    approved = next(n for n, fact in enumerate(facts) if fact.word == "selection-approved")
    found = round_of(exhibition, facts[:approved])
    return found.closing, sorted(set(found.listed or ()) - set(found.struck))


def _rows(proposal: Item) -> list[Item]:
    return [*proposal["selected"], *proposal["reserve"], *proposal["below"]]


def _judgements_compared(evidence: Evidence) -> str:
    returns = sum(1 for _ in evidence.topics.each("round", "selection-returned"))
    losses = sum(1 for _ in evidence.topics.each("round", "loss-requested"))
    return f"{len(evidence.answers.proposals)} approvals, {returns} returns, {losses} losses"


def _judgements(evidence: Evidence) -> Iterator[str]:
    yield from _approvals(evidence)
    yield from _returns(evidence)
    yield from _losses(evidence)


def _approvals(evidence: Evidence) -> Iterator[str]:
    for fact in evidence.topics.each("round", "selection-approved"):
        proposal = evidence.answers.proposals[fact.subject]
        eyes = {proposal["proposed_by"], *proposal["scored_by"]}
        if fact.actor in map(evidence.pseudonym, eyes):
            yield f"{fact.subject}: {fact.actor} approved what it scored or proposed"
        sheets = [
            sheet["curator"]
            for row in _rows(proposal)
            for sheet in evidence.answers.candidates[row["application"]]["sheets"]
        ]
        if fact.actor in map(evidence.pseudonym, sheets):
            yield f"{fact.subject}: {fact.actor} approved what it scored"
        conflicts = [
            conflict["curator"]
            for row in _rows(proposal)
            for conflict in evidence.answers.candidates[row["application"]]["conflicts"]
        ]
        if fact.actor in map(evidence.pseudonym, conflicts):
            yield f"{fact.subject}: {fact.actor} approved and has a conflict of interest"


def _returns(evidence: Evidence) -> Iterator[str]:
    for facts in evidence.topics.of("round").values():
        closed_by = ""
        for fact in facts:
            if fact.word == "scoring-closed":
                closed_by = fact.actor
            elif fact.word == "selection-returned" and fact.actor == closed_by:
                yield f"{fact.id}: {fact.actor} closed the scoring and returned it"


def _losses(evidence: Evidence) -> Iterator[str]:
    for facts in evidence.topics.of("round").values():
        requested: dict[str, str] = {}
        for fact in facts:
            if fact.word == "loss-requested":
                requested[fact.data["application"]] = fact.actor
            elif fact.word in ("place-lost", "loss-declined"):
                requester = requested.pop(fact.data["application"], "")
                if requester == fact.actor:
                    yield f"{fact.id}: {fact.actor} requested the loss and decided on it"
