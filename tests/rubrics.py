"""Rubrics for tests: small ones, and that of the data files."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from services.selection.domain.rubric.decider import PublishRubric, Rubric
from services.selection.rubrics import rubric_file
from shared.contracts.selection.rubric import Criterion, Gate
from shared.contracts.words import Sentence

RUBRIC_OF_2018 = TypeAdapter(PublishRubric).validate_python(rubric_file("kukm-2018-1"))
BODY_OF_2018: dict[str, Any] = TypeAdapter(PublishRubric).dump_python(RUBRIC_OF_2018, mode="json")
"""The same as the body of a request, with everything that it may leave out."""

SPOKEN = Sentence(id="Kata", en="Word")
"""A text in both languages, where it does not matter which."""


def criterion(
    code: str = "q",
    weight: int = 100,
    *,
    sectors: tuple[str, ...] = (),
    not_for: tuple[str, ...] = (),
) -> Criterion:
    """Return a criterion of this weight, perhaps for some sectors only, or not for some."""
    return Criterion(
        code=code,
        name=SPOKEN,
        weight=weight,
        levels=(SPOKEN, SPOKEN, SPOKEN, SPOKEN, SPOKEN),
        sectors=sectors,
        not_for=not_for,
    )


def rubric_of(weights: Mapping[str, int], *gates: Gate) -> Rubric:
    """Return a published rubric with criteria of these weights, and these gates."""
    criteria = tuple(criterion(code, weight) for code, weight in weights.items())
    return Rubric(title=SPOKEN, criteria=criteria, gates=gates, thresholds={})
