"""The events of selection (kurasi): rubrics, candidates, rounds."""

from shared.contracts.selection.candidate import CandidateEvent
from shared.contracts.selection.round import RoundEvent
from shared.contracts.selection.rubric import RubricEvent

SelectionEvent = RubricEvent | CandidateEvent | RoundEvent
