"""The events of selection (kurasi): rubrics, candidates, rankings, rounds."""

from shared.contracts.selection.candidate import CandidateEvent
from shared.contracts.selection.ranking import RankingEvent
from shared.contracts.selection.round import RoundEvent
from shared.contracts.selection.rubric import RubricEvent

SelectionEvent = RubricEvent | CandidateEvent | RankingEvent | RoundEvent
