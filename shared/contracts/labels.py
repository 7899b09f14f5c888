"""The label of a thing that people read, in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Label:
    """A label in English and in Indonesian."""

    en: str
    id: str
