"""The form of a panel, with numbers and names, and the command with their hashes.

The route receives a `PanelForm`, and the rule decides on an `AppointPanel`: a NIK, an NPWP or the
name of an employer reaches neither the database nor a log, and no reader sees it again. So a
curator whose relations are left out keeps those that were given before.
"""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from services.selection.domain.selection_round.panel import PANEL_MAX, AppointPanel
from shared.contracts.numbers import Nik, Npwp
from shared.contracts.selection.candidate import Curator
from shared.contracts.selection.curator import CuratorProfile, CuratorRelations
from shared.contracts.words import Text, Word
from shared.kernel.keys import HashKeys
from shared.kernel.relations import enterprise_hash, office_hash, person_hash

Hidden = Field(default=(), max_length=10, repr=False)


class RelationsForm(Word):
    """The person and the employers of a curator; an empty form says that it has none.

    `nik` is its own number. `employers` are offices and associations by name, written as their
    letters of recommendation write it; `employer_npwps` are enterprises and cooperatives.
    """

    nik: Annotated[Nik | None, Field(repr=False)] = None
    employers: Annotated[tuple[Text, ...], Hidden] = ()
    employer_npwps: Annotated[tuple[Npwp, ...], Hidden] = ()


class CuratorForm(CuratorProfile):
    """The profile of a curator, and its relations; left out, those given before stay."""

    relations: Annotated[RelationsForm | None, Field(repr=False)] = None


@dataclass(frozen=True, kw_only=True)
class PanelForm:
    """Appoint the whole panel (tim kurator); you can add members later, but not remove them.

    `profiles` take the place of those before. A curator without a profile knows every sector, and
    may get any number of candidates. By the `relations` of a profile conflicts of interest are
    found, which are recorded at once. Only their keyed hashes are stored.
    """

    curators: Annotated[tuple[Curator, ...], Field(min_length=1, max_length=PANEL_MAX)]
    profiles: Annotated[tuple[CuratorForm, ...], Field(max_length=PANEL_MAX)] = ()


def hash_panel(form: PanelForm, keys: HashKeys) -> AppointPanel:
    """Return the command of a form; equal forms make equal commands."""
    return AppointPanel(
        curators=form.curators,
        profiles=tuple(
            CuratorProfile(curator=each.curator, sectors=each.sectors, capacity=each.capacity)
            for each in form.profiles
        ),
        relations=tuple(
            CuratorRelations(curator=each.curator, hashes=_hashes(each.relations, keys))
            for each in form.profiles
            if each.relations is not None
        ),
    )


def _hashes(form: RelationsForm, keys: HashKeys) -> tuple[str, ...]:
    hashes = {
        *(person_hash(nik, keys) for nik in (form.nik,) if nik is not None),
        *(office_hash(name, keys) for name in form.employers),
        *(enterprise_hash(npwp, keys) for npwp in form.employer_npwps),
    }
    return tuple(sorted(hashes))
