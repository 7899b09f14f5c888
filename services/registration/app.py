"""The registration service, wired: what it decides, follows and answers.

Run as a module it serves its API, its worker, or both, as the settings say.
"""

from services.registration.api import application as application_routes
from services.registration.api import enterprise as enterprise_routes
from services.registration.api import exhibition as exhibition_routes
from services.registration.api import programme as programme_routes
from services.registration.domain.application import application
from services.registration.domain.enterprise import enterprise
from services.registration.domain.exhibition import exhibition
from services.registration.domain.programme import programme
from services.registration.reactions import reactions
from services.registration.views import rounds, rubrics
from shared.run import run
from shared.service import Service

service = Service(
    "registration",
    deciders=(programme, exhibition, enterprise, application),
    mirrors=(rubrics, rounds),
    reactions=reactions,
)
routers = (
    programme_routes.router,
    exhibition_routes.router,
    enterprise_routes.router,
    application_routes.router,
)

if __name__ == "__main__":
    run(service, routers)
