"""The selection service: its deciders, mirrors, reactions and routes.

Run as a module, it starts its API, its worker, or both, as the settings say. Its API needs
`KUKM_RELATION_KEY`, the same as registration.
"""

from collections.abc import Sequence

from services.selection.api import assignments as assignment_routes
from services.selection.api import automatic_assignment as automatic_assignment_routes
from services.selection.api import candidate as candidate_routes
from services.selection.api import explanation as explanation_routes
from services.selection.api import objections as objection_routes
from services.selection.api import overrides as override_routes
from services.selection.api import passes as pass_routes
from services.selection.api import recapitulation as recapitulation_routes
from services.selection.api import rubric as rubric_routes
from services.selection.api import selection_round as round_routes
from services.selection.api import stability as stability_routes
from services.selection.api import tasks as task_routes
from services.selection.api import what_if as what_if_routes
from services.selection.domain.candidate.decider import candidate
from services.selection.domain.ranking.decider import ranking
from services.selection.domain.rubric.decider import rubric
from services.selection.domain.selection_round.decider import OBJECTION_FILES, selection_round
from services.selection.reactions import reactions
from services.selection.views.followed import allocations, applications, exhibitions
from services.selection.views.own import rounds
from shared.kernel.explanations import explanations_beside
from shared.kernel.keys import HashKeys
from shared.run import run
from shared.service import Service
from shared.settings import Settings, load_settings, require_relation_key

RELATION_KEY = "KUKM_RELATION_KEY"


def key_names(settings: Settings) -> dict[str, Sequence[str]]:
    """Return the names of the keys by which relations are compared, where this process has them."""
    keys = settings.relation_keys
    return {RELATION_KEY: HashKeys(keys).names} if keys else {}


service = Service(
    "selection",
    explanations=explanations_beside(__file__),
    deciders=(rubric, candidate, ranking, selection_round),
    mirrors=(exhibitions, applications, rounds, allocations),
    reactions=reactions,
    key_names=key_names,
    files_of=((selection_round, OBJECTION_FILES),),
)
routers = (
    rubric_routes.router,
    candidate_routes.router,
    assignment_routes.router,
    automatic_assignment_routes.router,
    explanation_routes.router,
    override_routes.router,
    pass_routes.router,
    round_routes.router,
    stability_routes.router,
    objection_routes.router,
    task_routes.router,
    what_if_routes.router,
    recapitulation_routes.router,
    recapitulation_routes.checks,
)

if __name__ == "__main__":
    settings = load_settings()
    if "api" in settings.parts:
        require_relation_key(settings, service.name)
    run(service, routers)
