"""The responses of a floor plan (Denah Stan): the participants and their booths."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class BoothResponse:
    """A participant; `name` is None for who may not see it, `booth` until it has a booth."""

    enterprise: str
    name: str | None
    booth: str | None
