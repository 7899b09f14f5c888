"""The search for duplicates keeps its promise on several seeds, and plants what it is asked for."""

from random import Random

import pytest

from benchmarks.harness.twins import copy, register
from benchmarks.paths.duplicates import PRECISION_MIN, RECALL_MIN, find, quality

SEEDS = (2018, 7, 45)


@pytest.mark.parametrize("seed", SEEDS)
def test_planted_duplicates_are_found_and_little_else(seed: int) -> None:
    of = register(seed)
    assert (len(of.entries), len(of.twins)) == (2_000, 100)
    found = quality(of)
    assert found.recall >= RECALL_MIN, found
    assert found.precision >= PRECISION_MIN, found


def test_a_seed_gives_the_same_enterprises_again() -> None:
    assert register(7, size=200, planted=10) == register(7, size=200, planted=10)
    assert register(7, size=200, planted=10) != register(8, size=200, planted=10)


def test_a_copy_is_not_what_it_was_copied_from() -> None:
    of = register(7, size=300, planted=100)
    changed = [pair for pair in of.twins if of.entries[pair[0]] != of.entries[pair[1]]]
    assert len(changed) > 90
    assert copy(Random(1), of.entries[0]) == copy(Random(1), of.entries[0])


def test_enterprises_without_planted_ones_are_hardly_suspected() -> None:
    assert len(set(find(register(7, planted=0).entries))) < 20
