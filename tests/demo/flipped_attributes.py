"""Protected attributes, flipped: the selections of a history are made again with each of them.

A flip may change a decision by a declared quota only, or where scores are equal by the declared
order of ties: first-timers, then new provinces.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from pydantic import TypeAdapter

from gelar.checking.invariants.answers import Item
from services.selection.domain.candidate.state import Candidate, Seal, Status
from services.selection.domain.choosing.choice import codes_of
from services.selection.domain.ranking.order import Ranks, Standing, Terms
from services.selection.domain.ranking.sealed import sealed_candidate
from shared.contracts.registration.quota import Quota
from shared.contracts.selection.approval import Override
from shared.contracts.selection.candidate import Sheet
from shared.contracts.selection.choice import Funds
from shared.contracts.words import Applicant, Province, SizeClass
from tests.selection.choices import ranked

QUOTAS = TypeAdapter(tuple[Quota, ...])
OVERRIDES = TypeAdapter(tuple[Override, ...])
SHEETS = TypeAdapter(tuple[Sheet, ...])
APPLICANT = TypeAdapter(Applicant)


class Flip(NamedTuple):
    """A candidate with another attribute, and what this has changed."""

    application: str
    attribute: str
    quotas_change: bool
    changes: bool
    scores_change: bool


def flips_of(
    proposal: Item, candidates: Mapping[str, Item], quotas: tuple[Quota, ...] | None = None
) -> Iterator[Flip]:
    """Yield each flip of each candidate of an approved proposal, perhaps under other quotas."""
    terms = _terms(proposal)
    terms = terms if quotas is None else replace(terms, quotas=quotas)
    owners = _owners(proposal)
    rows = [*proposal["selected"], *proposal["reserve"], *proposal["below"]]
    scores = {row["application"]: row["score"] for row in rows}
    states = {id: _state(candidates[id]) for id in scores}
    standings = {id: _standing(id, state, scores, terms, owners) for id, state in states.items()}
    before = ranked(standings.values(), terms)
    if quotas is None:
        selected = [row["application"] for row in proposal["selected"]]
        assert [each.application for each in before.selected] == selected, "made again as it was"
    for id, state in states.items():
        for attribute, applicant in _flipped(state.applicant):
            flipped = _standing(id, replace(state, applicant=applicant), scores, terms, owners)
            after = ranked((standings | {id: flipped}).values(), terms)
            yield Flip(
                application=id,
                attribute=attribute,
                quotas_change=flipped.counts_for != standings[id].counts_for,
                changes=_selected(after) != _selected(before),
                scores_change=_scores(after) != _scores(before),
            )


def _flipped(own: Applicant) -> Iterator[tuple[str, Applicant]]:
    sizes = [each for each in SizeClass if each is not own.size_class]
    other = "32" if own.province.code != "32" else "73"
    changes: dict[str, object] = {
        "cooperative": not own.cooperative,
        "first_timer": not own.first_timer,
        "size_class": sizes[0],
        "sector": "10" if own.sector != "10" else "14",
        "province": Province(system="BPS", edition="2018", code=other),
    }
    for name, value in changes.items():
        yield name, own.model_copy(update={name: value})


def _terms(proposal: Item) -> Terms:
    funds = proposal["funds"]
    return Terms(
        rubric=proposal["rubric"],
        threshold=proposal["threshold"],
        places=proposal["places"],
        quotas=QUOTAS.validate_python(proposal["quotas"]),
        funds=Funds.model_validate(funds) if funds else None,
        overrides=OVERRIDES.validate_python(proposal["overrides"]),
    )


def _owners(proposal: Item) -> dict[str, tuple[str, ...]]:
    owners: dict[str, tuple[str, ...]] = {}
    for number, applications in enumerate(proposal["certificate"]["same_owner"]):
        for id in applications:
            owners[id] = (*owners.get(id, ()), f"owner-{number}")
    return owners


def _state(item: Item) -> Candidate:
    seal = Seal(closing=1, score=item["score"], not_passed=tuple(item["not_passed"]))
    return Candidate(
        exhibition=item["exhibition"],
        applicant=APPLICANT.validate_python(item["applicant"]),
        status=Status.ENTERED,
        submitted_at=datetime.fromisoformat(item["submitted_at"]),
        sheets=SHEETS.validate_python(item["sheets"]),
        seal=seal,
    )


def _standing(
    id: str,
    state: Candidate,
    scores: Mapping[str, int],
    terms: Terms,
    owners: Mapping[str, tuple[str, ...]],
) -> Standing:
    """Return a candidate as the service reads it, with the score that ranked."""
    sealed = sealed_candidate(id, state, terms.quotas, owners=owners.get(id, ()))
    assert sealed is not None
    assert sealed.counts_for == codes_of(terms.quotas, state.applicant)
    return Standing(
        application=id,
        score=scores[id],
        first_timer=sealed.first_timer,
        province=sealed.province,
        submitted_at=sealed.submitted_at,
        counts_for=sealed.counts_for,
        not_passed=sealed.not_passed,
        owners=sealed.owners,
    )


def _selected(ranks: Ranks) -> set[str]:
    return {each.application for each in ranks.selected}


def _scores(ranks: Ranks) -> Counter[int]:
    return Counter(each.score for each in ranks.selected)
