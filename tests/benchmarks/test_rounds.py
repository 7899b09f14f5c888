"""The core of `make bench`: rooms in turn, medians of ratios, goals, what cannot be measured."""

import json
from collections.abc import Iterator
from pathlib import Path

from benchmarks.harness import report
from benchmarks.harness.rounds import (
    Measured,
    NotMeasured,
    Pair,
    Room,
    Row,
    Taken,
    at_least,
    at_most,
    measured,
    results,
)
from benchmarks.harness.samples import p50, p99, within

FAST = Row(path="fast", against="slow", goal=at_least(1.4), unit="events/s")
QUICK = Row(path="quick", against="late", goal=at_most(3), unit="ms")


def room(name: str, row: Row, pairs: Iterator[Pair], went: list[str], rounds: int = 9) -> Room[str]:
    async def measure(bench: str) -> Taken:
        went.append(name)
        return {row: next(pairs)}

    return Room(name=name, rows=(row,), measure=measure, rounds=rounds)


async def test_rooms_take_turns_and_a_room_with_fewer_rounds_rests() -> None:
    went: list[str] = []
    pairs = [Pair(1, 1)] * 9
    rooms = [room("a", FAST, iter(pairs), went), room("b", QUICK, iter(pairs), went, rounds=1)]
    found = await measured(rooms, "bench", rounds=2, tell=lambda _: None)
    assert went == ["a", "b", "a"]
    assert {row.path: len(taken) for row, taken in found.pairs.items()} == {"fast": 2, "quick": 1}


async def test_what_counts_is_the_median_of_the_rounds_own_ratios() -> None:
    # The machine was ten times slower in the second round: both sides were.
    pairs = iter([Pair(300, 200), Pair(28, 20), Pair(300, 100)])
    rooms = [room("a", FAST, pairs, [])]
    (result,) = results(rooms, await measured(rooms, "bench", rounds=3, tell=lambda _: None))
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


async def test_a_room_that_cannot_be_had_says_why_and_the_others_go_on() -> None:
    tried: list[str] = []

    async def cannot(bench: str) -> Taken:
        tried.append(bench)
        raise NotMeasured("no jars")

    rooms = [
        Room(name="java", rows=(QUICK,), measure=cannot),
        room("a", FAST, iter([Pair(2, 1), Pair(2, 1)]), []),
    ]
    missing, taken = results(rooms, await measured(rooms, "b", rounds=2, tell=lambda _: None))
    assert (missing["against"], missing["ratio"], missing["met"]) == (
        "late (not measured: no jars)",
        None,
        None,
    )
    assert (taken["ratio"]["median"], tried) == (2.0, ["b"])


def test_goals_for_rates_are_floors_and_for_times_ceilings() -> None:
    assert [at_least(1.4).met(ratio) for ratio in (1.39, 1.4)] == [False, True]
    assert [at_most(3).met(ratio) for ratio in (3, 3.01)] == [True, False]


def test_percentiles_are_in_milliseconds_and_only_of_their_window() -> None:
    samples = [(float(n), n / 1000) for n in range(1, 101)]
    assert (p50(samples), p99(samples)) == (50.5, 100.0)
    assert within(samples, (10.0, 12.0)) == samples[9:12]


def test_only_what_stands_between_the_marks_is_written_anew(tmp_path: Path) -> None:
    page, data = tmp_path / "performance.md", tmp_path / "results.json"
    page.write_text(f"Above.\n{report.BEGIN}\nold\n{report.END}\nBelow.\n")
    found = Measured()
    found.pairs[FAST].append(Pair(1_500, 1_000))
    rows = results([room("a", FAST, iter([]), [])], found)
    report.write(rows, documentation=page, data=data, run="a test")
    text = page.read_text()
    assert text.startswith(f"Above.\n{report.BEGIN}\n")
    assert text.endswith(f"{report.END}\nBelow.\n")
    assert "|fast|slow|1.5|1.5|1.5|>= 1.4|yes|1,500|1,000|events/s|" in text
    assert "old" not in text
    assert json.loads(data.read_text()) == rows
