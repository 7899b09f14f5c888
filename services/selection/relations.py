"""Load the relations of a panel, and the candidates with the conflicts that these show.

The queries and the facts of commands call it; `services.selection.domain.candidate.relations` has
the rule.
"""

from collections.abc import Sequence
from dataclasses import replace

from services.selection.domain.candidate.relations import KnownRelations, with_inferred
from services.selection.domain.candidate.state import Candidate
from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.state import Round
from shared.kernel.answers import Found
from shared.kernel.keys import HashKeys
from shared.service import Service


def relation_keys(service: Service) -> HashKeys:
    """Return the keys of the hashes of relations; the API does not start without one."""
    return HashKeys(service.engine.settings.relation_keys)


def known_relations(service: Service, state: Round | None) -> KnownRelations:
    """Return the relations of the panel of this round, and the keys that compare them."""
    return KnownRelations(curators=state.relations if state else (), keys=relation_keys(service))


async def inferred_conflicts(
    service: Service, page: Sequence[Found[Candidate | None]]
) -> list[Found[Candidate | None]]:
    """Return a page of candidates with the conflicts that relations show, recorded or not."""
    exhibitions = {found.state.exhibition for found in page if found.state is not None}
    known = {
        exhibition: known_relations(service, await service.load(selection_round, exhibition))
        for exhibition in sorted(exhibitions)
    }
    return [
        replace(found, state=with_inferred(found.state, known[found.state.exhibition]))
        if found.state is not None
        else found
        for found in page
    ]
