"""The core of `make bench`: paths in turn, medians of ratios, goals, paths without measurements."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.harness import report
from benchmarks.harness.rounds import (
    MeasuredPath,
    Measurements,
    NotMeasured,
    Pair,
    Pairs,
    Row,
    at_least,
    at_most,
    measure_paths,
    results,
)
from benchmarks.harness.samples import p50, p99, within

FAST = Row(path="fast", against="slow", goal=at_least(1.4), unit="events/s")
QUICK = Row(path="quick", against="late", goal=at_most(3), unit="ms")


def path(
    name: str, row: Row, pairs: Iterator[Pair], order: list[str], rounds: int = 9
) -> MeasuredPath[str]:
    """Return a path that appends its name to `order` and takes the next pair."""

    async def measure(bench: str) -> Pairs:
        order.append(name)
        return {row: next(pairs)}

    return MeasuredPath(name=name, rows=(row,), measure=measure, rounds=rounds)


async def measurements_of(paths: Sequence[MeasuredPath[str]], rounds: int) -> Measurements:
    return await measure_paths(paths, "bench", rounds=rounds, report_progress=lambda _: None)


async def test_paths_take_turns_and_a_path_with_fewer_rounds_is_left_out_later() -> None:
    order: list[str] = []
    pairs = [Pair(1, 1)] * 9
    paths = [path("a", FAST, iter(pairs), order), path("b", QUICK, iter(pairs), order, rounds=1)]
    measurements = await measurements_of(paths, rounds=2)
    assert order == ["a", "b", "a"]
    counts = {row.path: len(pairs) for row, pairs in measurements.pairs.items()}
    assert counts == {"fast": 2, "quick": 1}


async def test_the_result_is_the_median_of_the_ratios_of_the_rounds() -> None:
    # The machine was ten times slower in the second round, for both sides.
    pairs = iter([Pair(300, 200), Pair(28, 20), Pair(300, 100)])
    paths = [path("a", FAST, pairs, [])]
    (result,) = results(paths, await measurements_of(paths, rounds=3))
    assert result == {
        "path": "fast",
        "against": "slow",
        "ratio": {"median": 1.5, "min": 1.4, "max": 3.0},
        "goal": ">= 1.4",
        "met": True,
        "ours": 300.0,
        "theirs": 100.0,
        "unit": "events/s",
    }


async def test_a_path_that_cannot_be_measured_has_the_reason_and_the_others_are_measured() -> None:
    tries: list[str] = []

    async def cannot(bench: str) -> Pairs:
        tries.append(bench)
        raise NotMeasured("no jars")

    paths = [
        MeasuredPath(name="java", rows=(QUICK,), measure=cannot),
        path("a", FAST, iter([Pair(2, 1), Pair(2, 1)]), []),
    ]
    missing, measured = results(paths, await measurements_of(paths, rounds=2))
    assert (missing["against"], missing["ratio"], missing["met"]) == (
        "late (not measured: no jars)",
        None,
        None,
    )
    assert (measured["ratio"]["median"], tries) == (2.0, ["bench"])


def test_goals_for_rates_are_floors_and_for_times_ceilings() -> None:
    assert [at_least(1.4).met(ratio) for ratio in (1.39, 1.4)] == [False, True]
    assert [at_most(3).met(ratio) for ratio in (3, 3.01)] == [True, False]


def test_percentiles_are_in_milliseconds_and_only_of_their_window() -> None:
    samples = [(float(n), n / 1000) for n in range(1, 101)]
    assert (p50(samples), p99(samples)) == (50.5, 100.0)
    assert within(samples, (10.0, 12.0)) == samples[9:12]


def test_only_the_text_between_the_marks_is_replaced(tmp_path: Path) -> None:
    page, data = tmp_path / "performance.md", tmp_path / "results.json"
    page.write_text(f"Above.\n{report.BEGIN}\nold\n{report.END}\nBelow.\n")
    measurements = Measurements()
    measurements.pairs[FAST].append(Pair(1_500, 1_000))
    rows = results([path("a", FAST, iter([]), [])], measurements)
    report.write(rows, documentation=page, data=data, run="a test")
    text = page.read_text()
    assert text.startswith(f"Above.\n{report.BEGIN}\n")
    assert text.endswith(f"{report.END}\nBelow.\n")
    assert "|fast|slow|1.5|1.5|1.5|>= 1.4|yes|1,500|1,000|events/s|" in text
    assert "old" not in text
    assert json.loads(data.read_text()) == rows
