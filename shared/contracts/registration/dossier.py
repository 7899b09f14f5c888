"""Dossier: the papers of an application as those read them who judge it. Each reading is a fact.

The reader is private and so is its pass: curators stay unknown on the topics.
"""

from typing import ClassVar

from shared.contracts.event import Event, Private
from shared.contracts.words import Id, Instant


class DossierRead(Event):
    """A dossier was read; history has the reader, its role and the pass that admitted it."""

    service: ClassVar[str] = "registration"
    kind: ClassVar[str] = "dossier"
    private_actor: ClassVar[bool] = True

    exhibition: Id
    enterprise: Id
    read_at: Instant
    reader: Private[str] = ""
    role: Private[str] = ""
    pass_id: Private[str] = ""


DossierEvent = DossierRead
"""The only event of a dossier."""
