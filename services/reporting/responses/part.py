"""The part of a programme that a query asks for, and the part that an answer's figures cover.

Targets and envelopes have a scope and no exhibition: asked for an exhibition, their figures cover
its scope, and say so.
"""

from dataclasses import dataclass, replace

from services.reporting.labels import label
from services.reporting.views.tallies import part_key
from shared.contracts.labels import Label
from shared.contracts.words import Scope, TargetScope


@dataclass(frozen=True, kw_only=True)
class Covers:
    """The part of the programme that the figures beside it count.

    `scope` is ALL for both scopes; `exhibition` and its `name` are null for all exhibitions.
    """

    programme: str
    scope: TargetScope
    scope_label: Label
    exhibition: str | None
    name: str | None


@dataclass(frozen=True, kw_only=True)
class Part:
    """All of a programme, one of its scopes, or an exhibition with its scope and name."""

    programme: str
    scope: Scope | None = None
    exhibition: str | None = None
    name: str | None = None

    @property
    def filters(self) -> dict[str, str]:
        """The part as values of the dimensions of a tally."""
        values = {"programme": self.programme, "scope": self.scope, "exhibition": self.exhibition}
        return {dimension: str(value) for dimension, value in values.items() if value}

    @property
    def key(self) -> str:
        """The value of the dimension `part` of a summary."""
        return part_key(self.programme, self.scope, self.exhibition)

    @property
    def target_scope(self) -> TargetScope:
        """The scope, or ALL."""
        return TargetScope(self.scope) if self.scope else TargetScope.ALL

    def without_exhibition(self) -> "Part":
        """Return the smallest part that has targets and an envelope: the scope."""
        return replace(self, exhibition=None, name=None)

    def covers(self) -> Covers:
        """Return this part as an answer shows it."""
        return Covers(
            programme=self.programme,
            scope=self.target_scope,
            scope_label=label(self.target_scope.value),
            exhibition=self.exhibition,
            name=self.name,
        )
