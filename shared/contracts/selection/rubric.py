"""Rubric (Instrumen Penilaian): the criteria, weights and levels; immutable once published."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.event import Event
from shared.contracts.words import Id, Points, PublicId, PublicText, Scope, Word


class Criterion(Word):
    """One criterion (Kriteria): its weight (Bobot, of 100) and what each level 1-5 means."""

    code: PublicId
    name: PublicText
    weight: Annotated[int, Field(gt=0, le=100)]
    levels: tuple[PublicText, PublicText, PublicText, PublicText, PublicText]


class RubricPublished(Event):
    """A version of the rubric; `thresholds` (Nilai Ambang Batas) by scope, in hundredths.

    `hides_names`: while they score, curators see neither names nor papers that carry them.
    """

    service: ClassVar[str] = "selection"
    kind: ClassVar[str] = "rubric"

    rubric: Id
    title: PublicText
    criteria: tuple[Criterion, ...]
    thresholds: dict[Scope, Points]
    hides_names: bool = False


RubricEvent = RubricPublished
