"""Relations of an applicant and of a curator: keyed hashes, never a name or a number.

`shared.kernel.relations` makes and compares them.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from shared.contracts.words import Word


class RelationKind(StrEnum):
    """The part that a person or an office has in an application.

    OWNER and BOARD (of a cooperative) are persons; PROPOSER is the office or the association that
    recommends the applicant; ENTERPRISE is the applicant itself, as an employer.
    """

    OWNER = "OWNER"
    BOARD = "BOARD"
    PROPOSER = "PROPOSER"
    ENTERPRISE = "ENTERPRISE"


RelationHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}\.[0-9a-f]{64}$")]
"""The keyed hash of a person, an office or an enterprise, after the name of its key."""


class Relation(Word):
    """A relation of an applicant: its part, and the keyed hash of who has it."""

    kind: RelationKind
    hash: RelationHash


Relations = Annotated[tuple[Relation, ...], Field(max_length=60)]
"""The relations of an applicant, each once."""
