"""Routes of the consents of an enterprise: only the enterprise itself gives and withdraws them."""

from typing import Annotated

from fastapi import Path

from services.registration.domain.enterprise.consents import GiveConsent, WithdrawConsent
from services.registration.domain.enterprise.decider import enterprise
from shared.contracts.words import Id
from shared.http import RunningService, command, only_own, routes
from shared.kernel.answers import Answer
from shared.kernel.decider import Context

router = routes("consent")

Applicant = Annotated[Context, command("enterprise")]
EnterpriseId = Annotated[Id, Path(alias="enterprise")]


@router.post("/enterprises/{enterprise}/consents")
async def give_consent(
    id: EnterpriseId, body: GiveConsent, context: Applicant, service: RunningService
) -> Answer:
    """Agree to a use of your data; every reader of your enterprise sees to which."""
    only_own(context, id)
    return await service.handle(enterprise, id, body, context)


@router.post("/enterprises/{enterprise}/consent-withdrawal")
async def withdraw_consent(
    id: EnterpriseId, body: WithdrawConsent, context: Applicant, service: RunningService
) -> Answer:
    """Agree no more to a use of your data, from now on."""
    only_own(context, id)
    return await service.handle(enterprise, id, body, context)
