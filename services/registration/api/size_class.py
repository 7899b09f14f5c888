"""The route that shows the size class of an enterprise on a day, with what it rests on."""

from datetime import date
from typing import Annotated, Any

from fastapi import Path, Response

from services.registration.api.facts import document_states
from services.registration.domain.enterprise.decider import enterprise
from services.registration.domain.rule_set.decider import rule_set
from services.registration.responses.size_class import size_class_response
from shared.contracts.calendar import jakarta_date
from shared.contracts.words import Id
from shared.http import Caller, RunningService, entity, only_own, query, routes
from shared.kernel.answers import Found
from shared.kernel.errors import NotFound

router = routes("enterprise")

Reader = Annotated[Caller, query("verification-officer", "auditor", "enterprise")]
EnterpriseId = Annotated[Id, Path(alias="enterprise")]


@router.get("/enterprises/{enterprise}/size-class")
async def get_size_class(
    id: EnterpriseId,
    response: Response,
    reader: Reader,
    service: RunningService,
    on: date | None = None,
) -> dict[str, Any]:
    """Return the size class by each rule set that is in force on a day (today), with evidence."""
    only_own(reader, id)
    found = await service.get(enterprise, id)
    if found.state is None:
        raise NotFound("enterprise", id)
    rule_sets = [
        (each.id, each.state) async for each in service.find_all(rule_set) if each.state is not None
    ]
    documents = await document_states(service, id)
    day = on or jakarta_date(service.now())
    state = size_class_response(found.state, documents, rule_sets, day)
    return entity(response, Found(id=id, version=found.version, state=state))
