"""The fictional part of the demonstration, from a seed: the same seed makes the same world.

Nothing here knows a clock, a server or a hash's order; `random.Random` of one seed is all chance.
"""

from dataclasses import dataclass
from random import Random

from demo.fiction.applications import Application, applications, panel
from demo.fiction.enterprises import Enterprise, enterprises
from demo.fiction.short_licences import with_short_licences
from demo.programme_2018.programme import Programme


@dataclass(frozen=True, kw_only=True)
class World:
    """Everybody and everything that is made up; applications and panels by exhibition."""

    seed: int
    enterprises: tuple[Enterprise, ...]
    applications: dict[str, tuple[Application, ...]]
    panels: dict[str, tuple[str, ...]]

    @property
    def all_applications(self) -> tuple[Application, ...]:
        """The applications of all exhibitions."""
        return tuple(application for many in self.applications.values() for application in many)


def world_of(programme: Programme, seed: int) -> World:
    """Return the world of a seed for this programme."""
    rng = Random(seed)
    drawn = enterprises(programme.enterprises, rng)
    people, by_exhibition = with_short_licences(
        programme, drawn, applications(programme, drawn, rng)
    )
    return World(
        seed=seed,
        enterprises=people,
        applications=by_exhibition,
        panels={exhibition.id: panel(exhibition, rng) for exhibition in programme.exhibitions},
    )
