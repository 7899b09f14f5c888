"""The sentences of refusals in Indonesian and in English, by code: data in files beside the code.

    Service("budget", explanations=explanations_beside(__file__), ...)

Each service has a file `refusals.toml`, and `HOUSE` is that of the codes which every service may
answer. An explanation says what is wrong (`text`) and what to do (`advice`), the same for every
request; the values of a request are in the English sentence of the error itself. `shared.http` adds
the explanation to each problem document, and `gelar docs` writes the tables of the READMEs.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

FILE_NAME = "refusals.toml"
UNLISTED = "unlisted"
"""The entry of the house for a code that is in no file."""


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """The sentences of a code: each is `{id, en}`."""

    text: Mapping[str, str]
    advice: Mapping[str, str]

    def sentences(self) -> dict[str, str]:
        """Return both sentences as one text, by language: `{id, en}`."""
        return {
            language: f"{self.text[language]} {self.advice[language]}" for language in ("id", "en")
        }


@dataclass(frozen=True, kw_only=True)
class ExplanationGroup:
    """The codes of a noun, in the order of the file."""

    name: str
    title: str
    explanations: Mapping[str, Explanation]


@dataclass(frozen=True, kw_only=True)
class Explanations:
    """The explanations of a file."""

    groups: tuple[ExplanationGroup, ...] = ()

    @cached_property
    def by_code(self) -> Mapping[str, Explanation]:
        """Return the explanation of each code."""
        return {
            code: explanation
            for group in self.groups
            for code, explanation in group.explanations.items()
        }

    def explanation_of(self, code: str) -> Explanation:
        """Return the explanation of a code by this file, or else by the file of the house."""
        house = HOUSE.by_code
        return self.by_code.get(code) or house.get(code) or house[UNLISTED]


NO_EXPLANATIONS = Explanations()


def explanations_beside(module: str) -> Explanations:
    """Return the explanations of the file beside a module, which is named by its own file."""
    return read_explanations(Path(module).with_name(FILE_NAME))


@cache
def read_explanations(path: Path) -> Explanations:
    """Read a file of explanations: a table of each group, with a table of each code in it."""
    groups = tomllib.loads(path.read_text(encoding="utf-8"))
    return Explanations(groups=tuple(_group(name, table) for name, table in groups.items()))


def _group(name: str, table: Mapping[str, object]) -> ExplanationGroup:
    entries = {code: entry for code, entry in table.items() if isinstance(entry, dict)}
    return ExplanationGroup(
        name=name,
        title=str(table["title"]),
        explanations={code: Explanation(**entry) for code, entry in entries.items()},
    )


HOUSE = read_explanations(Path(__file__).parent.parent / FILE_NAME)
"""The explanations of the codes that every service may answer."""
