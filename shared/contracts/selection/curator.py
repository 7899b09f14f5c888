"""Curator (Kurator): the profile of a member of a panel and its relations; never on a topic."""

from typing import Annotated

from pydantic import Field

from shared.contracts.codes import Sector
from shared.contracts.relations import RelationHash
from shared.contracts.selection.candidate import Curator
from shared.contracts.words import Word


class CuratorProfile(Word):
    """The sectors that a curator knows (none: all), and the candidates that it scores at most."""

    curator: Curator
    sectors: Annotated[tuple[Sector, ...], Field(max_length=100)] = ()
    capacity: Annotated[int, Field(ge=1, le=10_000)] | None = None


class CuratorRelations(Word):
    """The keyed hashes of a curator's person and of its employer; none: it was said to have none.

    `shared.kernel.relations` makes them.
    """

    curator: Curator
    hashes: Annotated[tuple[RelationHash, ...], Field(max_length=30)] = ()
