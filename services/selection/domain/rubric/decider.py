"""The rubric (Instrumen Penilaian, id chosen by the officer): the criteria of the score sheets.

A published rubric never changes: a change is a rubric with another id, so no old score is ever
rewritten.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, assert_never

from pydantic import Field

from shared.contracts.selection.rubric import Criterion, RubricEvent, RubricPublished
from shared.contracts.words import Points, PublicId, PublicText, Scope
from shared.kernel.decider import Context, Decider, Refused, refuse_or_ignore

WEIGHTS_SUM = 100

# Commands


@dataclass(frozen=True, kw_only=True)
class PublishRubric:
    """Publish criteria whose weights sum to 100, and a threshold for each scope.

    With `hides_names` curators see neither names nor papers that carry them while they score.
    """

    rubric: PublicId
    title: PublicText
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1, max_length=50)]
    thresholds: dict[Scope, Points]
    hides_names: bool = False


# State


@dataclass(frozen=True, kw_only=True)
class Rubric:
    """A published rubric; `thresholds` (Nilai Ambang Batas) in hundredths of a point."""

    title: str
    criteria: tuple[Criterion, ...]
    thresholds: dict[Scope, int]
    hides_names: bool = False

    @property
    def weights(self) -> dict[str, int]:
        """Return the weight of each criterion by its code; the weights sum to 100."""
        return {criterion.code: criterion.weight for criterion in self.criteria}


# Rules


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
            thresholds=command.thresholds,
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
                thresholds=event.thresholds,
                hides_names=event.hides_names,
            )
        case _:
            assert_never(event)


def _check_complete(command: PublishRubric) -> None:
    codes = {criterion.code for criterion in command.criteria}
    if len(codes) < len(command.criteria):
        raise Refused(
            "criterion-repeated",
            "Two criteria have the same code: give each criterion its own code.",
        )
    weights = sum(criterion.weight for criterion in command.criteria)
    if weights != WEIGHTS_SUM:
        raise Refused(
            "weights-not-100",
            f"The weights sum to {weights}: change them so that they sum to {WEIGHTS_SUM}.",
        )
    missing = sorted(set(Scope) - set(command.thresholds))
    if missing:
        raise Refused(
            "threshold-missing", f"There is no threshold for {', '.join(missing)}: add it."
        )


rubric = Decider(
    kind="rubric",
    commands=PublishRubric,
    state=Rubric | None,
    events=RubricEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    revision=2,
)
