"""The rubric (Instrumen Penilaian, id chosen by the officer): the criteria of the score sheets.

A published rubric never changes: a change is a rubric with another id, so no old score is ever
rewritten. A criterion may be for some sectors only. The weights of the criteria that a sector is
judged by sum to 100, for each sector, so that all totals can be compared. A gate has no weight: a
candidate that does not pass it gets no place, whatever its score is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, assert_never

from pydantic import Field

from shared.contracts.selection.rubric import (
    Criterion,
    Deciding,
    Gate,
    MissingAnswer,
    RubricEvent,
    RubricPublished,
)
from shared.contracts.words import Points, PublicId, Scope, Sentence
from shared.kernel.decider import Context, Decider, Refused, refuse_or_ignore

WEIGHTS_SUM = 100
OTHER_SECTORS = "other sectors"

# Commands


@dataclass(frozen=True, kw_only=True)
class PublishRubric:
    """Publish criteria whose weights sum to 100 in each sector, and a threshold for each scope.

    A candidate whose sheets lie further apart than `spread_max` needs one sheet more. `deciding`
    says which score ranks: a calibrated one, as far as the sheets allow it. With `hides_names`
    curators see neither names nor papers that carry them while they score.
    """

    rubric: PublicId
    title: Sentence
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1, max_length=50)]
    gates: Annotated[tuple[Gate, ...], Field(max_length=20)] = ()
    thresholds: dict[Scope, Points]
    missing_answer: MissingAnswer = MissingAnswer.REFUSED
    spread_max: Points | None = None
    deciding: Deciding = Deciding.RAW
    hides_names: bool = False


# State


@dataclass(frozen=True, kw_only=True)
class Rubric:
    """A published rubric; `thresholds` (Nilai Ambang Batas) in hundredths of a point."""

    title: Sentence
    criteria: tuple[Criterion, ...]
    gates: tuple[Gate, ...] = ()
    thresholds: dict[Scope, int]
    missing_answer: MissingAnswer = MissingAnswer.REFUSED
    spread_max: int | None = None
    deciding: Deciding = Deciding.RAW
    hides_names: bool = False

    def weights(self, sector: str) -> dict[str, int]:
        """Return the weights of the criteria of a sector by their codes; they sum to 100."""
        return {each.code: each.weight for each in self.criteria if is_for(each, sector)}

    def gates_of(self, sector: str) -> tuple[str, ...]:
        """Return the codes of the gates of a sector."""
        return tuple(each.code for each in self.gates if is_for(each, sector))


# Rules


def is_for(part: Criterion | Gate, sector: str) -> bool:
    """Return True if the candidates of a sector are judged by this criterion or gate."""
    included = not part.sectors or sector in part.sectors
    return included and sector not in part.not_for


def decide(command: PublishRubric, state: Rubric | None, context: Context) -> Sequence[RubricEvent]:
    """Publish a complete rubric, once."""
    if state is not None:
        return refuse_or_ignore(
            context,
            "already-published",
            "This rubric is published and never changes: publish a rubric with another id.",
        )
    _check_complete(command)
    return [
        RubricPublished(
            rubric=command.rubric,
            title=command.title,
            criteria=command.criteria,
            gates=command.gates,
            thresholds=command.thresholds,
            missing_answer=command.missing_answer,
            spread_max=command.spread_max,
            deciding=command.deciding,
            hides_names=command.hides_names,
        )
    ]


def evolve(state: Rubric | None, event: RubricEvent) -> Rubric:
    """Fold an event."""
    match event:
        case RubricPublished():
            return Rubric(
                title=event.title,
                criteria=event.criteria,
                gates=event.gates,
                thresholds=event.thresholds,
                missing_answer=event.missing_answer,
                spread_max=event.spread_max,
                deciding=event.deciding,
                hides_names=event.hides_names,
            )
        case _:
            assert_never(event)


def _check_complete(command: PublishRubric) -> None:
    codes = [each.code for each in command.criteria] + [each.code for each in command.gates]
    if len(set(codes)) < len(codes):
        raise Refused(
            "criterion-repeated",
            "Two criteria or gates have the same code: give each its own code.",
        )
    require_weights(command.criteria)
    missing = sorted(set(Scope) - set(command.thresholds))
    if missing:
        raise Refused(
            "threshold-missing", f"There is no threshold for {', '.join(missing)}: add it."
        )


def require_weights(criteria: Sequence[Criterion]) -> None:
    """Refuse criteria whose weights do not sum to 100 in each sector."""
    named = sorted({sector for each in criteria for sector in (*each.sectors, *each.not_for)})
    for sector in (*named, OTHER_SECTORS):
        weights = sum(each.weight for each in criteria if is_for(each, sector))
        if weights != WEIGHTS_SUM:
            raise Refused(
                "weights-not-100",
                f"The weights of {_sector(sector, named)} sum to {weights}: change them so that "
                f"they sum to {WEIGHTS_SUM}.",
            )


def _sector(sector: str, named: Sequence[str]) -> str:
    if sector != OTHER_SECTORS:
        return f"sector {sector}"
    return OTHER_SECTORS if named else "all sectors"


rubric = Decider(
    kind="rubric",
    commands=PublishRubric,
    state=Rubric | None,
    events=RubricEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    revision=5,
)
