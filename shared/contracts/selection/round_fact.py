"""The fields that every event of a round has."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.event import Event
from shared.contracts.words import Id, Scope, Year

Closing = Annotated[int, Field(ge=1)]
"""Which closing of the scoring this is about: they count from 1 as a selection is returned."""


class RoundFact(Event):
    """An event of the round of an exhibition."""

    service: ClassVar[str] = "selection"
    kind: ClassVar[str] = "round"

    exhibition: Id
    programme: Year
    scope: Scope
