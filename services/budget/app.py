"""The budget service: its deciders, mirrors, views, tally, reactions and routes.

Run as a module, it starts its API, its worker, or both, as the settings say.
"""

from services.budget.api import allocation as allocation_routes
from services.budget.api import contract as contract_routes
from services.budget.api import envelope as envelope_routes
from services.budget.api import payment as payment_routes
from services.budget.api import tasks as task_routes
from services.budget.domain.allocation.decider import allocation
from services.budget.domain.envelope.decider import envelope
from services.budget.invariants import broken_invariants
from services.budget.reactions import reactions
from services.budget.views.documents import contracts, payment_orders
from services.budget.views.followed import applications, envelopes, exhibitions, rounds
from services.budget.views.own import allocations, use
from shared.kernel.explanations import explanations_beside
from shared.run import run
from shared.service import Service

service = Service(
    "budget",
    explanations=explanations_beside(__file__),
    deciders=(envelope, allocation),
    mirrors=(exhibitions, applications, rounds, envelopes, allocations),
    views=(contracts, payment_orders),
    tallies=(use,),
    reactions=reactions,
    invariants=broken_invariants,
)
routers = (
    envelope_routes.router,
    allocation_routes.router,
    contract_routes.router,
    payment_routes.router,
    task_routes.router,
)

if __name__ == "__main__":
    run(service, routers)
