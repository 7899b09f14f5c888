"""The stability of a selection: intervals of ranks, borderline candidates, and the index."""

from services.selection.domain.ranking.stability import StabilityQuestion
from services.selection.solving.stability import SAMPLES, stability
from tests.selection.secretariat import ROUND, Secretariat
from tests.selection.test_api import SCORES
from tests.serving import code


def question(
    *totals: tuple[int, ...], places: int, price: float, seed: int = 7
) -> StabilityQuestion:
    return StabilityQuestion(
        totals=totals,
        selected=tuple(number < places for number in range(len(totals))),
        prices=(price,) * len(totals),
        threshold=6_000,
        seed=7,
    )


def test_where_all_sheets_agree_no_sample_differs() -> None:
    found = stability(question((9_000,) * 3, (8_000,) * 3, (7_000,) * 3, places=2, price=8_000))
    assert found.index == 1.0
    assert [(each.low, each.high, each.share) for each in found.candidates] == [
        (1, 1, 1.0),
        (2, 2, 1.0),
        (3, 3, 0.0),
    ]


def test_a_candidate_whose_sheets_differ_is_borderline() -> None:
    found = stability(
        question((9_000,) * 3, (9_500, 8_000, 6_600), (8_000,) * 3, places=2, price=8_000)
    )
    first, second, _ = found.candidates
    assert 0.05 < second.share < 0.95
    assert (second.low, second.high) == (2, 3)
    assert first.share == 1.0
    assert 0.5 < found.index < 1.0
    # A mean of three of three sheets has ten values; it reaches 8,000 in 17 of 27 draws.
    assert abs(second.share - 17 / 27) < 0.07


def test_below_the_threshold_no_sample_selects() -> None:
    found = stability(question((5_900,) * 3, places=0, price=0))
    assert (found.index, found.candidates[0].share) == (1.0, 0.0)


def test_the_same_ranking_has_the_same_stability() -> None:
    asked = question((9_500, 8_000, 6_600), (8_100, 7_900, 8_000), places=1, price=8_000)
    assert stability(asked) == stability(asked)
    assert stability(asked).samples == SAMPLES


async def test_those_who_decide_read_how_stable_the_proposal_is(secretariat: Secretariat) -> None:
    path = f"{ROUND}/stability"
    digest = await secretariat.proposed(SCORES)
    shown = await secretariat.shows(path, "approver")
    assert (shown["index"], shown["borderline"]) == (1.0, [])
    assert [(row["rank"], row["is_selected"]) for row in shown["candidates"]] == [
        (1, True),
        (2, True),
        (3, False),
        (4, False),
    ]
    assert code(await secretariat.reads(path, "auditor")) == (403, "not-approved-yet")
    assert code(await secretariat.reads(path, "curator")) == (403, "role-missing")
    rival = await secretariat.reads(path, "approver", enterprise="a")
    assert code(rival) == (403, "own-enterprise")
    await secretariat.done(f"{ROUND}/approval", {"digest": digest}, role="approver")
    assert (await secretariat.shows(path, "auditor"))["ranking"] == shown["ranking"]


async def test_without_a_proposal_there_is_no_stability(secretariat: Secretariat) -> None:
    await secretariat.opened("a")
    assert code(await secretariat.reads(f"{ROUND}/stability", "approver")) == (404, "not-found")
