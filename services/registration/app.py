"""The registration service: its deciders, mirrors, reactions and routes.

Run as a module, it runs the API, the worker, or both, as the settings say. The API needs
`KUKM_IDENTIFIER_KEY`; no other service uses this setting, so this module checks it. Both need
`KUKM_RELATION_KEY`, because imports submit applications, too.
"""

import sys
from collections.abc import Sequence

from services.registration.api import application as application_routes
from services.registration.api import application_reading as application_reading_routes
from services.registration.api import booth_table as booth_table_routes
from services.registration.api import briefing as briefing_routes
from services.registration.api import check_in as check_in_routes
from services.registration.api import coaching as coaching_routes
from services.registration.api import commitment as commitment_routes
from services.registration.api import consents as consent_routes
from services.registration.api import document as document_routes
from services.registration.api import document_check as document_check_routes
from services.registration.api import dossier as dossier_routes
from services.registration.api import draft as draft_routes
from services.registration.api import eligibility as eligibility_routes
from services.registration.api import enterprise as enterprise_routes
from services.registration.api import enterprise_search as enterprise_search_routes
from services.registration.api import exhibition as exhibition_routes
from services.registration.api import exhibition_reading as exhibition_reading_routes
from services.registration.api import file as file_routes
from services.registration.api import floor_plan as floor_plan_routes
from services.registration.api import imports as import_routes
from services.registration.api import issued_document as issued_document_routes
from services.registration.api import letters
from services.registration.api import programme as programme_routes
from services.registration.api import rule_set as rule_set_routes
from services.registration.api import sanctions as sanction_routes
from services.registration.api import size_class as size_class_routes
from services.registration.api import suspicion as suspicion_routes
from services.registration.api import tasks as task_routes
from services.registration.domain.application.decider import application
from services.registration.domain.briefing.decider import briefing
from services.registration.domain.document.decider import document
from services.registration.domain.dossier import dossier
from services.registration.domain.draft import draft
from services.registration.domain.enterprise.decider import PHOTOGRAPHS, enterprise
from services.registration.domain.exhibition.decider import exhibition
from services.registration.domain.floor_plan import floor_plan
from services.registration.domain.imports.decider import imports
from services.registration.domain.issued_document.decider import issued_document
from services.registration.domain.programme import programme
from services.registration.domain.rule_set.decider import rule_set
from services.registration.domain.suspicion.decider import suspicion
from services.registration.jobs import jobs
from services.registration.reactions import reactions
from services.registration.views import exhibitions, rounds, rubrics
from shared.kernel.explanations import explanations_beside
from shared.kernel.keys import HashKeys
from shared.run import run
from shared.service import Service
from shared.settings import (
    BAD_SETTINGS_EXIT_CODE,
    Settings,
    load_settings,
    require_relation_key,
)

IDENTIFIER_KEY = "KUKM_IDENTIFIER_KEY"
RELATION_KEY = "KUKM_RELATION_KEY"


def key_names(settings: Settings) -> dict[str, Sequence[str]]:
    """Return the names of the keys by which numbers are recognised, where this process has them."""
    keys = {IDENTIFIER_KEY: settings.identifier_keys, RELATION_KEY: settings.relation_keys}
    return {setting: HashKeys(found).names for setting, found in keys.items() if found}


service = Service(
    "registration",
    explanations=explanations_beside(__file__),
    deciders=(
        programme,
        rule_set,
        exhibition,
        floor_plan,
        enterprise,
        document,
        draft,
        application,
        briefing,
        dossier,
        suspicion,
        imports,
        issued_document,
    ),
    mirrors=(rubrics, rounds, exhibitions),
    reactions=reactions,
    jobs=jobs,
    key_names=key_names,
    files_of=((document, "file"), (enterprise, PHOTOGRAPHS)),
)
routers = (
    programme_routes.router,
    rule_set_routes.router,
    exhibition_routes.router,
    floor_plan_routes.router,
    booth_table_routes.router,
    exhibition_reading_routes.router,
    enterprise_search_routes.router,
    enterprise_routes.router,
    suspicion_routes.router,
    size_class_routes.router,
    sanction_routes.router,
    consent_routes.router,
    file_routes.router,
    document_routes.router,
    draft_routes.router,
    application_routes.router,
    commitment_routes.router,
    briefing_routes.router,
    application_reading_routes.router,
    check_in_routes.router,
    eligibility_routes.router,
    dossier_routes.router,
    coaching_routes.router,
    task_routes.router,
    import_routes.router,
    issued_document_routes.router,
    letters.router,
    document_check_routes.router,
)


def require_identifier_key(settings: Settings) -> None:
    """Exit 2 with a message on stderr if the API is to run without the key of its hashes."""
    if "api" in settings.parts and settings.identifier_key is None:
        sys.stderr.write(
            "Cannot start, the settings are wrong:\n"
            "  KUKM_IDENTIFIER_KEY: the API of registration needs it, at least 32 characters, to "
            "hash NIB, NPWP and NIK\n"
        )
        raise SystemExit(BAD_SETTINGS_EXIT_CODE)


if __name__ == "__main__":
    require_identifier_key(load_settings())
    require_relation_key(load_settings(), service.name)
    run(service, routers)
