"""Rankings, made again: the three lists of candidates with their scores, and the digest of them."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from gelar.checking.invariants.answers import Item
from gelar.checking.invariants.recount.choices import faults_of
from gelar.checking.invariants.recount.quotas import codes_of
from gelar.checking.invariants.recount.stops import stops_of
from gelar.checking.invariants.topics import Data

Rows = list[list[object]]


class Lists(NamedTuple):
    """The lists of a ranking; `not_passed` has gates by candidate, `passed_over` ranks by reason.

    `faults` are those of its choice.
    """

    rows: dict[str, Rows]
    raw: Rows
    not_passed: Rows
    passed_over: list[Data]
    shortfalls: list[Data]
    faults: list[str]


def lists_of(scored: list[Item], proposal: Item) -> Lists:
    """Return the lists in order: score, first-timer, new province, first submission, id.

    `made` is the score of each candidate that ranks, `raw` the mean of its sheets, `gates` those
    that it does not pass. Who of them is selected is the choice of the proposal, which is checked.
    """
    ranks, below = _ordered(scored, proposal)
    codes = [codes_of(proposal["quotas"], item["applicant"]) for item in ranks]
    selected = {row["application"] for row in proposal["selected"]}
    rows = {
        "selected": [_row(item) for item in ranks if item["id"] in selected],
        "reserve": [_row(item) for item in ranks if item["id"] not in selected],
        "below": [_row(item) for item in below],
    }
    stopped: Rows = [[item["id"], item["gates"]] for item in below if item["gates"]]
    raw: Rows = [[item["id"], item["raw"]] for item in sorted(scored, key=lambda item: item["id"])]
    return Lists(
        rows,
        raw,
        stopped,
        passed_over(stops_of(proposal, ranks, codes)),
        proposal["shortfalls"],
        list(faults_of(proposal, ranks, codes)),
    )


def _ordered(scored: list[Item], proposal: Item) -> tuple[list[Item], list[Item]]:
    """Return those who passed, in order of rank, and those below."""
    left = sorted(
        scored,
        key=lambda item: (
            -item["made"],
            not item["applicant"]["first_timer"],
            datetime.fromisoformat(item["submitted_at"]),
            item["id"],
        ),
    )
    effects = {each["application"]: each["effect"] for each in proposal["overrides"]}

    def passes(item: Item) -> bool:
        effect = effects.get(item["id"])
        if item["gates"] or effect == "EXCLUDED":
            return False
        return bool(item["made"] >= proposal["threshold"] or effect == "ADMITTED")

    waiting = [item for item in left if passes(item)]
    below = [item for item in left if not passes(item)]
    ranks: list[Item] = []
    while waiting:
        above = [item["applicant"]["province"]["iso"] for item in ranks]
        equals = [item for item in waiting if _tie(item) == _tie(waiting[0])]
        new = [item for item in equals if item["applicant"]["province"]["iso"] not in above]
        ranks.append((new or equals)[0])
        waiting.remove(ranks[-1])
    return ranks, below


def passed_over(stops: Mapping[int, tuple[str | None, str]]) -> list[Data]:
    """Return the numbers of those who were passed over, by quota and bound."""
    numbers: dict[tuple[str | None, str], list[int]] = {}
    for position, stop in sorted(stops.items()):
        numbers.setdefault(stop, []).append(position + 1)
    return [
        {"bound": bound, "numbers": found, "quota": quota}
        for (quota, bound), found in numbers.items()
    ]


def digest(lists: Lists, proposal: Item) -> str:
    """Return the digest of the lists on the terms of a proposal."""
    method = "2018-3"
    if proposal["deciding"] == "CALIBRATED":
        method += "-calibrated"
    names = ("closing", "funds", "overrides", "places", "quotas", "rubric", "threshold")
    content: dict[str, object] = {**lists.rows, **{name: proposal[name] for name in names}}
    content |= {"method": method, "not_passed": lists.not_passed, "raw": lists.raw}
    content |= {"passed_over": lists.passed_over, "shortfalls": lists.shortfalls}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode("ascii")).hexdigest()


def _row(item: Item) -> list[object]:
    return [item["id"], item["made"]]


def _tie(item: Item) -> tuple[int, bool]:
    return item["made"], item["applicant"]["first_timer"]
