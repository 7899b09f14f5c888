"""Forge the evidence of an audit: change, exchange, repeat or remove an event or an answer."""

from typing import Any

from gelar.checking.invariants.answers import Part
from gelar.checking.invariants.check import Evidence
from gelar.checking.invariants.topics import Fact

WHOLE = Part("2018")
BILLION = 1_000_000_000


def first(evidence: Evidence, kind: str, word: str, **equal: object) -> Fact:
    """Return the first event of this name whose data have these values, in order of subjects."""
    found = sorted(evidence.topics.each(kind, word), key=lambda fact: fact.id)
    return next(fact for fact in found if equal.items() <= fact.data.items())


def change(evidence: Evidence, kind: str, word: str, **values: object) -> None:
    """Change data of the first event of this name."""
    first(evidence, kind, word).data.update(values)


def add(evidence: Evidence, kind: str, word: str, **amounts: int) -> None:
    """Add to figures of the first event of this name."""
    data = first(evidence, kind, word).data
    data.update({name: data[name] + amount for name, amount in amounts.items()})


def exchange(evidence: Evidence, fact: Fact, **values: Any) -> None:
    """Put a changed event in the place of this one."""
    facts = evidence.topics.facts[fact.kind][fact.subject]
    facts[facts.index(fact)] = fact._replace(**values)


def remove(evidence: Evidence, kind: str, word: str) -> None:
    """Remove the first event of this name."""
    fact = first(evidence, kind, word)
    evidence.topics.facts[kind][fact.subject].remove(fact)


def forget_a_sunk_cost(evidence: Evidence) -> None:
    """Remove the sunk cost of a place whose participant did not come."""
    reversals = evidence.topics.each("allocation", "sunk-cost-reversed")
    reversed_for = {fact.data["application"] for fact in reversals}
    fact = next(
        fact
        for fact in evidence.topics.each("allocation", "sunk-cost-recognised")
        if fact.data["application"] not in reversed_for
    )
    evidence.topics.facts["allocation"][fact.subject].remove(fact)


def item(items: dict[str, Any], **equal: object) -> dict[str, Any]:
    """Return the first item of a list that has these values."""
    found: dict[str, Any] = next(i for i in items.values() if equal.items() <= i.items())
    return found


def row(evidence: Evidence, section: str, **equal: object) -> dict[str, Any]:
    """Return the row of a section of the whole report."""
    rows = evidence.answers.reports[WHOLE][section]["items"]
    found: dict[str, Any] = next(r for r in rows if equal.items() <= r.items())
    return found


def scored(evidence: Evidence) -> dict[str, Any]:
    """Return a candidate of an approved proposal, with a score."""
    proposal = next(iter(evidence.answers.proposals.values()))
    return evidence.answers.candidates[proposal["selected"][0]["application"]]


def repeat(evidence: Evidence, kind: str, word: str) -> None:
    """Let the first event of this name come again, as the last of its subject."""
    fact = first(evidence, kind, word)
    facts = evidence.topics.facts[kind][fact.subject]
    facts.append(fact._replace(sequence=len(facts) + 1))


def retract_an_opened_sheet(evidence: Evidence) -> None:
    """Return a candidate to scoring, and retract a sheet that its closing has opened."""
    fact = first(evidence, "candidate", "candidate-scored")
    facts = evidence.topics.facts[fact.kind][fact.subject]
    for word in ("candidate-reopened", "score-sheet-retracted"):
        facts.append(fact._replace(word=word, sequence=len(facts) + 1))


def declare_on_sealed_sheets(evidence: Evidence) -> None:
    """Set a sheet of a sealed candidate aside, and let its round not know it."""
    fact = first(evidence, "candidate", "candidate-scored")
    facts = evidence.topics.facts[fact.kind][fact.subject]
    at = facts.index(fact) + 1
    facts.insert(at, fact._replace(word="conflict-declared"))


def conflict(evidence: Evidence) -> None:
    """Read the topics again, with a message of an old number and other data at their end."""
    object.__setattr__(evidence.topics, "conflicts", ("envelope/2018.DOMESTIC@1 came again",))


def leave_out(evidence: Evidence) -> None:
    """Leave a reserve out of the proposal and of the approval."""
    proposals = evidence.answers.proposals
    id = next(id for id, proposal in sorted(proposals.items()) if proposal["reserve"])
    left = proposals[id]["reserve"].pop()["application"]
    approval = first(evidence, "round", "selection-approved", exhibition=id)
    approval.data["reserve"].remove(left)


def submit_again(evidence: Evidence) -> None:
    """Submit an application twice."""
    fact = first(evidence, "application", "application-submitted")
    facts = evidence.topics.facts["application"][fact.subject]
    facts.append(fact._replace(sequence=len(facts) + 1))


def verify_without_documents(evidence: Evidence) -> None:
    """Take the documents away from a verified application."""
    verified = first(evidence, "application", "application-verified")
    for fact in evidence.topics.facts["application"][verified.subject]:
        fact.data["documents"] = []


def pass_over(evidence: Evidence) -> None:
    """Promote another application than the next reserve."""
    change(evidence, "round", "reserve-promoted", application="ifex-2018.another")


def propose_and_approve(evidence: Evidence) -> None:
    """Let the person of a proposal approve it."""
    approval = first(evidence, "round", "selection-approved")
    proposer = evidence.answers.proposals[approval.subject]["proposed_by"]
    exchange(evidence, approval, actor=evidence.pseudonym(proposer))


def number_an_amendment_like_its_decree(evidence: Evidence) -> None:
    """Record an amendment with the number of its decree."""
    decree = first(evidence, "round", "participants-decreed")
    facts = evidence.topics.facts["round"][decree.subject]
    data = {**decree.data, "without": []}
    facts.append(decree._replace(word="amendment-recorded", sequence=len(facts) + 1, data=data))


def approve_with_a_conflict(evidence: Evidence) -> None:
    """Let a curator with a conflict of interest approve the selection of this candidate."""
    conflicts = [
        (id, found["conflicts"][0]["curator"])
        for id, proposal in sorted(evidence.answers.proposals.items())
        for row in proposal["selected"] + proposal["reserve"] + proposal["below"]
        if (found := evidence.answers.candidates[row["application"]])["conflicts"]
    ]
    exhibition, curator = conflicts[0]
    approval = first(evidence, "round", "selection-approved", exhibition=exhibition)
    exchange(evidence, approval, actor=evidence.pseudonym(curator))


def close_and_return(evidence: Evidence) -> None:
    """Let the person of a closing return the selection."""
    closed = first(evidence, "round", "scoring-closed")
    facts = evidence.topics.facts["round"][closed.subject]
    facts.append(closed._replace(word="selection-returned", sequence=len(facts) + 1))


def request_and_take(evidence: Evidence) -> None:
    """Let the person that takes a seat have requested its loss."""
    lost = first(evidence, "round", "place-lost")
    facts = evidence.topics.facts["round"][lost.subject]
    facts.insert(facts.index(lost), lost._replace(word="loss-requested"))


def propose_and_revise(evidence: Evidence) -> None:
    """Let who proposed a revision approve it."""
    revised = first(evidence, "envelope", "envelope-revised")
    proposed = first(evidence, "envelope", "revision-proposed", scope=revised.data["scope"])
    exchange(evidence, revised, actor=proposed.actor)


def allot_by_one_document(evidence: Evidence) -> None:
    """Make two allotments of an envelope by a document, which is written in two ways."""
    earlier = first(evidence, "envelope", "allotment-made")
    later = [
        fact
        for fact in evidence.topics.each("envelope", "allotment-made")
        if fact.subject == earlier.subject and fact is not earlier
    ]
    later[0].data["document_number"] = f"{earlier.data['document_number'].lower()} "


def attend_too_often(evidence: Evidence) -> None:
    """Give four places of a scope to an enterprise."""
    attended = [
        fact.subject
        for fact in evidence.topics.each("application", "participant-attended")
        if fact.data["applicant"]["scope"] == "DOMESTIC"
    ]
    for subject in attended[:4]:
        for fact in evidence.topics.facts["application"][subject]:
            fact.data["applicant"]["enterprise"] = "another"


def take_a_slot_twice(evidence: Evidence) -> None:
    """Give two places of a scope to an enterprise as the same slot of its cap."""
    attended = [
        fact.subject
        for fact in evidence.topics.each("application", "participant-attended")
        if fact.data["applicant"]["scope"] == "DOMESTIC"
    ]
    for subject in attended[:2]:
        for fact in evidence.topics.facts["application"][subject]:
            fact.data["applicant"]["enterprise"] = "another"
            if fact.word == "place-accepted":
                fact.data["slot"] = 1


def leave_unconfirmed(evidence: Evidence) -> None:
    """Remove the confirmation of a seat whose participant attended."""
    attended = first(evidence, "application", "participant-attended").subject
    confirmed = first(evidence, "round", "place-confirmed", application=attended)
    evidence.topics.facts["round"][confirmed.subject].remove(confirmed)


def fix_another_rate(evidence: Evidence) -> None:
    """Change the rate at which a foreign amount was counted."""
    reported = evidence.topics.each("outcome", "outcome-reported")
    foreign = next(fact.data for fact in reported if fact.data["currency"] != "IDR")
    used = {"currency": foreign["currency"], "fixed_on": foreign["rate_on"]}
    for fact in evidence.topics.each("rate", "rate-fixed", "rate-corrected"):
        if used.items() <= fact.data.items():
            fact.data["rate"] = "1"


def verify_an_own_report(evidence: Evidence) -> None:
    """Let the reporter of an outcome verify it."""
    verified = first(evidence, "outcome", "outcome-verified", follow_up=None)
    reported = evidence.topics.facts["outcome"][verified.subject][0]
    exchange(evidence, verified, actor=reported.actor)


def verify_at_an_own_rate(evidence: Evidence) -> None:
    """Let the person who proposed the rate of an outcome verify it."""
    for verified in evidence.topics.each("outcome", "outcome-verified"):
        data = evidence.topics.facts["outcome"][verified.subject][0].data
        if data["currency"] != "IDR":
            used = {"currency": data["currency"], "fixed_on": data["rate_on"]}
            proposed = first(evidence, "rate", "rate-proposed", rate=data["rate"], **used)
            exchange(evidence, verified, actor=proposed.actor)
            return


def confirm_an_own_rate(evidence: Evidence) -> None:
    """Let the person who proposed a rate confirm it."""
    proposed = first(evidence, "rate", "rate-proposed")
    fixed = evidence.topics.facts["rate"][proposed.subject][1]
    exchange(evidence, fixed, actor=proposed.actor)


def report_a_sale_twice(evidence: Evidence) -> None:
    """Report an outcome again as another outcome."""
    fact = first(evidence, "outcome", "outcome-reported", not_a_double=False)
    for subject in ("again-1", "again-2"):
        evidence.topics.facts["outcome"][subject] = [fact._replace(subject=subject)]


def miss_every_show(evidence: Evidence) -> None:
    """Let every participant be absent."""
    for fact in list(evidence.topics.each("application", "participant-attended")):
        exchange(evidence, fact, word="participant-absent")


def achieve_too_much(evidence: Evidence) -> None:
    """Report an achievement of 9,999 with a percentage that fits."""
    found = row(evidence, "achievement", scope="ALL", indicator="ENTERPRISES")
    found |= {"realised": 9_999, "percent": f"{9_999 * 100 / found['target']:.2f}"}
