"""Damage for each check of the audit: a change of the evidence that this check must find."""

from collections.abc import Callable
from typing import Any, NamedTuple

from gelar.checking.invariants.answers import Part
from gelar.checking.invariants.check import Evidence
from gelar.checking.invariants.topics import Fact

WHOLE = Part("2018")
BILLION = 1_000_000_000


class Damage(NamedTuple):
    """A change of the evidence, in words, and the check that must find it."""

    check: str
    words: str
    make: Callable[[Evidence], object]


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


def item(items: dict[str, Any], **equal: object) -> dict[str, Any]:
    """Return the first item of a list that has these values."""
    found: dict[str, Any] = next(i for i in items.values() if equal.items() <= i.items())
    return found


def row(evidence: Evidence, section: str, **equal: object) -> dict[str, Any]:
    """Return the row of a section of the whole report."""
    rows = evidence.answers.reports[WHOLE][section]
    found: dict[str, Any] = next(r for r in rows if equal.items() <= r.items())
    return found


def scored(evidence: Evidence) -> dict[str, Any]:
    """Return a candidate of an approved proposal, with a score."""
    proposal = next(iter(evidence.answers.proposals.values()))
    return evidence.answers.candidates[proposal["selected"][0]["application"]]


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


def contract_and_order(evidence: Evidence) -> None:
    """Let the person of a contract order its payment."""
    contract = first(evidence, "allocation", "commitment-contracted")
    order = first(evidence, "allocation", "payment-ordered", contract=contract.data["contract"])
    exchange(evidence, order, actor=contract.actor)


def propose_and_approve(evidence: Evidence) -> None:
    """Let the person of a proposal approve it."""
    approval = first(evidence, "round", "selection-approved")
    proposer = evidence.answers.proposals[approval.subject]["proposed_by"]
    exchange(evidence, approval, actor=proposer)


def pay_by_one_sp2d(evidence: Evidence) -> None:
    """Use an SP2D number twice."""
    earlier, later, *_ = evidence.topics.each("allocation", "payment-disbursed")
    later.data["sp2d"] = earlier.data["sp2d"]


def attend_too_often(evidence: Evidence) -> None:
    """Give four places of a scope to an enterprise."""
    attended = [
        fact.data["applicant"]
        for fact in evidence.topics.each("application", "participant-attended")
        if fact.data["applicant"]["scope"] == "DOMESTIC"
    ]
    for applicant in attended[:4]:
        applicant["enterprise"] = "another"


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
    first(evidence, "rate", "rate-fixed", **used).data["rate"] = "1"


def miss_every_show(evidence: Evidence) -> None:
    """Let every participant be absent."""
    for fact in list(evidence.topics.each("application", "participant-attended")):
        exchange(evidence, fact, word="participant-absent")


def achieve_too_much(evidence: Evidence) -> None:
    """Report an achievement of 9,999 with a percentage that fits."""
    found = row(evidence, "achievement", scope="ALL", indicator="ENTERPRISES")
    found |= {"realised": 9_999, "percent": f"{9_999 * 100 / found['target']:.2f}"}


DAMAGES = [
    Damage("Topics hold every number once, in order", "an event is missing",
           lambda e: remove(e, "round", "scoring-closed")),
    Damage("Seats never exceed the places; a freed seat goes to the next reserve",
           "one place too few", lambda e: change(e, "round", "round-opened", places=0)),
    Damage("Seats never exceed the places; a freed seat goes to the next reserve",
           "a reserve is passed over", pass_over),
    Damage("One application of an enterprise for an exhibition, submitted once",
           "submitted again", submit_again),
    Damage("Every verified application meets every requirement of its call",
           "no documents", verify_without_documents),
    Damage("Every verified application meets every requirement of its call",
           "a longer show", lambda e: change(e, "exhibition", "call-opened", ends_on="2018-12-31")),
    Damage("Three independent sheets at least, none of a curator with a conflict",
           "a sheet is missing", lambda e: scored(e)["sheets"].pop()),
    Damage("Three independent sheets at least, none of a curator with a conflict",
           "a conflict", lambda e: scored(e)["conflicts"].append(scored(e)["sheets"][0])),
    Damage("Every score is the mean of its sheets by the rubric", "a higher score",
           lambda e: scored(e).update(score=scored(e)["score"] + 1)),
    Damage("Every approved ranking is made again from its sheets, byte for byte",
           "another digest", lambda e: item(e.answers.proposals).update(digest="0" * 64)),
    Damage("Every approved ranking is made again from its sheets, byte for byte",
           "another order approved",
           lambda e: first(e, "round", "selection-approved").data["selected"].reverse()),
    Damage("The approver of a selection neither scored nor proposed it", "one person",
           propose_and_approve),
    Damage("The people of a contract neither ordered nor disbursed its payments", "one person",
           contract_and_order),
    Damage("pagu - blocked >= allotted, and ceiling >= reserved + contracted, after every event",
           "a small pagu", lambda e: change(e, "envelope", "envelope-opened", pagu_idr=1)),
    Damage("pagu - blocked >= allotted, and ceiling >= reserved + contracted, after every event",
           "a small ceiling", lambda e: change(e, "allocation", "allocation-raised", amount_idr=1)),
    Damage("Every balance that an event states is the sum of the amounts before it",
           "a rupiah more is reserved",
           lambda e: add(e, "allocation", "place-funded", reserved_idr=1)),
    Damage("Every balance that an event states is the sum of the amounts before it",
           "a rupiah more is allotted",
           lambda e: add(e, "envelope", "allotment-made", allotted_idr=1)),
    Damage("Realised = paid by an SP2D used once, for one whole order within its contract",
           "a number used twice", pay_by_one_sp2d),
    Damage("Realised = paid by an SP2D used once, for one whole order within its contract",
           "a rupiah more is paid",
           lambda e: add(e, "allocation", "payment-disbursed", amount_idr=1)),
    Damage("Realised = paid by an SP2D used once, for one whole order within its contract",
           "a rupiah more is contracted",
           lambda e: add(e, "allocation", "commitment-contracted", amount_idr=1)),
    Damage("Every allotment is the ceiling of its allocation", "a rupiah more is allotted",
           lambda e: add(e, "envelope", "allotment-made", amount_idr=1)),
    Damage("Every amount is currency x rate in whole rupiah, by the rate that was fixed",
           "a rupiah more", lambda e: add(e, "outcome", "outcome-reported", amount_idr=1)),
    Damage("Every amount is currency x rate in whole rupiah, by the rate that was fixed",
           "another rate", fix_another_rate),
    Damage("Only places on the annex cost money; a no-show is a sunk cost", "no annex",
           lambda e: change(e, "round", "participants-decreed", annex=[])),
    Damage("Only places on the annex cost money; a no-show is a sunk cost", "not sunk",
           lambda e: remove(e, "allocation", "sunk-cost-recognised")),
    Damage("Follow-ups never exceed their outcome", "a big follow-up",
           lambda e: add(e, "outcome", "follow-up-reported", amount_idr=100 * BILLION)),
    Damage("Devisa follows from the buyer and the currency", "devisa where there is none",
           lambda e: change(e, "outcome", "outcome-reported", buyer_country="ID", currency="IDR",
                            devisa=True)),
    Damage("Only a participant that attended has outcomes", "it was absent",
           miss_every_show),
    Damage("Report: outcomes by rung and status", "devisa of Rp 61 bn",
           lambda e: row(e, "outcomes").update(devisa_idr=61 * BILLION)),
    Damage("Report: outcomes by rung and status", "followed-up 77,777",
           lambda e: row(e, "outcomes").update(followed_up_idr=77_777)),
    Damage("Report: outcomes by rung and status", "a row is missing",
           lambda e: e.answers.reports[WHOLE]["outcomes"].pop()),
    Damage("Report: target and achievement", "achievement 9,999", achieve_too_much),
    Damage("Report: target and achievement", "another percentage",
           lambda e: row(e, "achievement", scope="ALL").update(percent="100.00")),
    Damage("An enterprise has three places at most in a programme and scope", "four places",
           attend_too_often),
    Damage("No identity number and no mail address in any topic", "a NIK",
           lambda e: change(e, "envelope", "envelope-opened", document_number="3273012345670001")),
    Damage("No identity number and no mail address in any topic", "a mail address",
           lambda e: change(e, "exhibition", "exhibition-planned", venue="ani@contoh.example")),
    Damage("Every decision names its actor, rule set and documents", "no rule set",
           lambda e: change(e, "application", "application-verified", rule_set="")),
    Damage("Every decision names its actor, rule set and documents", "no actor",
           lambda e: exchange(e, first(e, "envelope", "envelope-opened"), actor="")),
    Damage("A decree's annex, less its amendments, is the live seats", "a short annex",
           lambda e: first(e, "round", "participants-decreed").data["annex"].pop()),
    Damage("Selection's rounds = their events", "seats are gone",
           lambda e: item(e.answers.rounds, status="DECREED").update(seats={})),
    Damage("Registration's applications = their events", "another status",
           lambda e: item(e.answers.applications, status="ATTENDED").update(status="DECLINED")),
    Damage("Registration's applications = their events", "one is missing",
           lambda e: e.answers.applications.popitem()),
    Damage("Registration's exhibitions = their events", "another status",
           lambda e: item(e.answers.exhibitions).update(status="PLANNED")),
    Damage("Reporting's outcomes = their events", "another amount",
           lambda e: item(e.answers.outcomes).update(amount_idr=1)),
    Damage("Budget's envelopes = their events", "sunk 10^9",
           lambda e: item(e.answers.envelopes).update(sunk_idr=BILLION)),
    Damage("Budget's allocations = their events", "a contract is gone",
           lambda e: [found["contracts"].clear() for found in e.answers.allocations.values()]),
    Damage("Seats, applications and money agree", "a seat is not confirmed",
           leave_unconfirmed),
    Damage("Selection and budget follow the calendar; no money is idle while a place waits",
           "no decree in registration", lambda e: remove(e, "exhibition", "exhibition-decreed")),
    Damage("Report: the funnel", "one more",
           lambda e: row(e, "funnel", stage="attended").update(count=9_999)),
    Damage("Report: the funnel", "a stage too many",
           lambda e: e.answers.reports[WHOLE]["funnel"].append({"stage": "paid", "count": 1})),
    Damage("Report: the funnel", "a stage is missing",
           lambda e: e.answers.reports[WHOLE]["funnel"].pop()),
    Damage("Report: the seats", "seats -5",
           lambda e: e.answers.reports[WHOLE]["seats"].update(selected=-5)),
    Damage("Report: the budget", "an empty table",
           lambda e: e.answers.reports[WHOLE].update(budget=[])),
    Damage("Report: the budget", "allotted 10^9",
           lambda e: row(e, "budget", scope="ALL").update(allotted_idr=BILLION)),
    Damage("Report: the budget", "sunk 10^9",
           lambda e: row(e, "budget", scope="ALL").update(sunk_idr=BILLION)),
    Damage("Report: the budget", "outstanding 10^9",
           lambda e: row(e, "budget", scope="ALL").update(outstanding_idr=BILLION)),
    Damage("Report: the money of each exhibition", "a row is missing",
           lambda e: e.answers.ceilings["2018"].pop()),
    Damage("Report: the money of each exhibition", "more is free",
           lambda e: e.answers.ceilings["2018"][0].update(free_idr=BILLION)),
    Damage("Report: who took part", "9,999 distinct enterprises",
           lambda e: e.answers.reports[WHOLE]["participation"]["distinct"].update(
               enterprises=9_999)),
    Damage("Report: who took part", "a province is missing",
           lambda e: e.answers.reports[WHOLE]["participation"]["by_province"].pop()),
]  # fmt: skip
