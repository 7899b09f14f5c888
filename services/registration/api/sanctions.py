"""Routes of the sanctions of an enterprise: an officer imposes them, another one lifts them."""

from typing import Annotated

from fastapi import Path

from services.registration.domain.enterprise.decider import enterprise
from services.registration.domain.enterprise.sanctions import ImposeSanction, LiftSanction
from shared.contracts.words import Id
from shared.http import RunningService, command, routes
from shared.kernel.answers import Answer
from shared.kernel.decider import Context

router = routes("sanction")

Officer = Annotated[Context, command("verification-officer")]
EnterpriseId = Annotated[Id, Path(alias="enterprise")]


@router.post("/enterprises/{enterprise}/sanctions")
async def impose_sanction(
    id: EnterpriseId, body: ImposeSanction, context: Officer, service: RunningService
) -> Answer:
    """Impose a sanction by the document of an authority; while in force, it bars applications."""
    return await service.handle(enterprise, id, body, context)


@router.post("/enterprises/{enterprise}/sanction-lifting")
async def lift_sanction(
    id: EnterpriseId, body: LiftSanction, context: Officer, service: RunningService
) -> Answer:
    """Lift the sanction with this number, as another officer than who imposed it."""
    return await service.handle(enterprise, id, body, context)
