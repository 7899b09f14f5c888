"""Rankings, made again: the three lists of candidates with their scores, and the digest of them."""

import json
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from gelar.checking.invariants.answers import Item
from gelar.checking.invariants.recount.quotas import chosen, codes_of
from gelar.checking.invariants.topics import Data

Rows = list[list[object]]


class Lists(NamedTuple):
    """The lists of a ranking; `not_passed` has gates by candidate, `passed_over` ranks by quota
    and bound.
    """

    rows: dict[str, Rows]
    raw: Rows
    not_passed: Rows
    passed_over: list[Data]
    shortfalls: list[Data]


def lists_of(scored: list[Item], terms: Data) -> Lists:
    """Return the lists: score, first-timer, new province, first submission, id; then the quotas.

    `made` is the score of each candidate that ranks, `raw` the mean of its sheets, `gates` those
    that it does not pass.
    """
    left = sorted(
        scored,
        key=lambda item: (
            -item["made"],
            not item["applicant"]["first_timer"],
            datetime.fromisoformat(item["submitted_at"]),
            item["id"],
        ),
    )
    waiting = [item for item in left if item["made"] >= terms["threshold"] and not item["gates"]]
    below = [item for item in left if item["made"] < terms["threshold"] or item["gates"]]
    ranks: list[Item] = []
    while waiting:
        above = [item["applicant"]["province"]["iso"] for item in ranks]
        equals = [item for item in waiting if _tie(item) == _tie(waiting[0])]
        new = [item for item in equals if item["applicant"]["province"]["iso"] not in above]
        ranks.append((new or equals)[0])
        waiting.remove(ranks[-1])
    quotas = terms["quotas"]
    codes = [codes_of(quotas, item["applicant"]) for item in ranks]
    choice = chosen(codes, quotas, terms["places"])
    rows = {
        "selected": [_row(ranks[position]) for position in choice.positions],
        "reserve": [_row(item) for n, item in enumerate(ranks) if n not in choice.positions],
        "below": [_row(item) for item in below],
    }
    shortfalls = [{"places": places, "quota": code} for code, places in choice.missed.items()]
    stopped: Rows = [[item["id"], item["gates"]] for item in below if item["gates"]]
    raw: Rows = [[item["id"], item["raw"]] for item in sorted(scored, key=lambda item: item["id"])]
    return Lists(rows, raw, stopped, passed_over(choice.stops), shortfalls)


def passed_over(stops: dict[int, tuple[str, str]]) -> list[Data]:
    """Return the numbers of those who were passed over, by quota and bound."""
    numbers: dict[tuple[str, str], list[int]] = {}
    for position, stop in sorted(stops.items()):
        numbers.setdefault(stop, []).append(position + 1)
    return [
        {"bound": bound, "numbers": found, "quota": quota}
        for (quota, bound), found in numbers.items()
    ]


def digest(lists: Lists, terms: Data, closing: int, deciding: str) -> str:
    """Return the digest of the lists on these terms, ranked by the deciding score."""
    method = "2018-2" if terms["quotas"] else "2018-1"
    content: dict[str, object] = {**lists.rows, "closing": closing}
    content |= {name: terms[name] for name in ("places", "rubric", "threshold")}
    if lists.not_passed:
        content["not_passed"] = lists.not_passed
    if deciding == "CALIBRATED":
        method += "-calibrated"
        content |= {"method": method, "raw": lists.raw}
    if terms["quotas"]:
        content |= {"method": method, "quotas": terms["quotas"]}
        content |= {"passed_over": lists.passed_over, "shortfalls": lists.shortfalls}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode("ascii")).hexdigest()


def _row(item: Item) -> list[object]:
    return [item["id"], item["made"]]


def _tie(item: Item) -> tuple[int, bool]:
    return item["made"], item["applicant"]["first_timer"]
