"""Rubric (Instrumen Penilaian): the criteria, weights and levels; immutable once published."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.codes import Sector
from shared.contracts.event import Event
from shared.contracts.words import Id, Points, PublicId, Scope, Sentence, Word

Sectors = Annotated[tuple[Sector, ...], Field(max_length=100)]
"""Sectors (divisions of KBLI) of candidates."""


class MissingAnswer(StrEnum):
    """The treatment of a criterion that a sheet does not answer (ours).

    REFUSED: the sheet is not taken. LOWEST: it counts as level 1.
    """

    REFUSED = "REFUSED"
    LOWEST = "LOWEST"


class Guard(StrEnum):
    """The reason why totals cannot be calibrated, or NONE."""

    NONE = "none"
    NOT_CONNECTED = "curators-not-connected"
    TOO_FEW_SHEETS = "too-few-sheets"
    TOO_FEW_CANDIDATES = "too-few-candidates"
    ONE_CURATOR = "one-curator"


class Deciding(StrEnum):
    """The score that decides: RAW, the mean of the totals, or CALIBRATED, without severity."""

    RAW = "RAW"
    CALIBRATED = "CALIBRATED"


class Criterion(Word):
    """One criterion (Kriteria): its weight (Bobot, of 100) and what each level 1-5 means.

    It is for the candidates of these `sectors` (empty: of all) but for those `not_for` it.
    """

    code: PublicId
    name: Sentence
    weight: Annotated[int, Field(gt=0, le=100)]
    levels: tuple[Sentence, Sentence, Sentence, Sentence, Sentence]
    sectors: Sectors = ()
    not_for: Sectors = ()


class Gate(Word):
    """A condition (Syarat Kurasi) that no score makes up for; curators say if it is met.

    It is for the same candidates as a criterion with these `sectors` and `not_for`.
    """

    code: PublicId
    text: Sentence
    sectors: Sectors = ()
    not_for: Sectors = ()


class RubricPublished(Event):
    """A version of the rubric; `thresholds` (Nilai Ambang Batas) by scope, in hundredths.

    `spread_max`: if the totals of a candidate's sheets lie further apart than this (in hundredths),
    it needs one sheet more. `deciding`: the score that ranks. `hides_names`: while they score,
    curators see neither names nor papers that carry them.
    """

    service: ClassVar[str] = "selection"
    kind: ClassVar[str] = "rubric"

    rubric: Id
    title: Sentence
    criteria: tuple[Criterion, ...]
    gates: tuple[Gate, ...] = ()
    thresholds: dict[Scope, Points]
    missing_answer: MissingAnswer = MissingAnswer.REFUSED
    spread_max: Points | None = None
    deciding: Deciding = Deciding.RAW
    hides_names: bool = False


RubricEvent = RubricPublished
