"""A check: a rule, the figures that it compared, and every difference that it found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from demo.reconciling.books import Books
from demo.reconciling.published import Published

BROKEN = (LookupError, AttributeError, TypeError, ValueError)
"""What comes of states that do not fit together: something is missing or of another kind."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All that checks look at."""

    books: Books
    published: Published


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A check that was made; `figures` say what was compared, `differences` what is wrong."""

    name: str
    invariant: int | None
    figures: str
    differences: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Return True if nothing differs."""
        return not self.differences


@dataclass(frozen=True, kw_only=True)
class Check:
    """A rule to look at: `figures` counts what it looks at, `differences` yields what is wrong.

    `invariant` is its number in the domain's list of what must always hold, where it is one.
    """

    name: str
    figures: Callable[[Evidence], str]
    differences: Callable[[Evidence], Iterator[str]]
    invariant: int | None = None

    def made(self, evidence: Evidence) -> Outcome:
        """The check, made; books that are too broken to be checked differ."""
        try:
            figures = self.figures(evidence)
            differences = tuple(self.differences(evidence))
        except BROKEN as error:
            figures, differences = "-", (f"it cannot even be checked: {error!r}",)
        return Outcome(
            name=self.name, invariant=self.invariant, figures=figures, differences=differences
        )
