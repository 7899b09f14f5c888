"""The reporting service: its deciders, mirrors, view, tallies, reaction and routes.

Run as a module, it starts its API, its worker, or both, as the settings say.
"""

from services.reporting.api import outcome as outcome_routes
from services.reporting.api import programme as programme_routes
from services.reporting.api import rate as rate_routes
from services.reporting.api import tasks as task_routes
from services.reporting.domain.outcome.decider import outcome
from services.reporting.domain.rate.decider import rate
from services.reporting.reactions import reactions
from services.reporting.views import tallies
from services.reporting.views.applications import applications
from services.reporting.views.budget import allocations, envelopes
from services.reporting.views.fairness import fairness
from services.reporting.views.own import outcomes, rates
from services.reporting.views.participation import participants
from services.reporting.views.registration import enterprises, exhibitions, programmes
from services.reporting.views.selection import candidates, rounds, rubrics
from shared.kernel.explanations import explanations_beside
from shared.run import run
from shared.service import Service

service = Service(
    "reporting",
    explanations=explanations_beside(__file__),
    deciders=(outcome, rate),
    mirrors=(
        programmes,
        exhibitions,
        enterprises,
        applications,
        rubrics,
        candidates,
        rounds,
        envelopes,
        allocations,
        outcomes,
        rates,
    ),
    views=(participants,),
    tallies=(
        fairness,
        tallies.attendance,
        tallies.breakdown,
        tallies.enterprises,
        tallies.funnel,
        tallies.seats,
        tallies.exhibitions,
        tallies.pagu,
        tallies.use,
        tallies.results,
    ),
    reactions=reactions,
)
routers = (
    rate_routes.router,
    outcome_routes.router,
    programme_routes.router,
    task_routes.router,
)

if __name__ == "__main__":
    run(service, routers)
