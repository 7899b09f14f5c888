"""Routes of the commitment letter (Surat Pernyataan Kesanggupan): deliver it, return it.

A letter that is not delivered in time expires by itself (`domain.application.commitment`).
"""

from typing import Annotated

from fastapi import Path

from services.registration.api.facts import document_states, load_exhibition
from services.registration.domain.application.commitment import (
    DeliverCommitment,
    DeliveryFacts,
    ReturnCommitment,
    ReturnFacts,
    deliver_commitment,
    return_commitment,
)
from services.registration.domain.application.decider import application
from services.registration.domain.document.state import standing
from shared.contracts.ids import enterprise_of, exhibition_of
from shared.contracts.words import PairId
from shared.http import RunningService, command, only_own, routes
from shared.kernel.answers import Answer
from shared.kernel.decider import Context
from shared.kernel.errors import Unknown
from shared.service import Service

router = routes("application")

Applicant = Annotated[Context, command("enterprise")]
Officer = Annotated[Context, command("verification-officer")]
ApplicationId = Annotated[PairId, Path(alias="application")]


@router.post("/applications/{application}/commitment")
async def deliver_commitment_of(
    id: ApplicationId, body: DeliverCommitment, context: Applicant, service: RunningService
) -> Answer:
    """Deliver your signed letter until its deadline, or replace it until the exhibition runs."""
    only_own(context, enterprise_of(id))
    return await service.handle(
        application,
        id,
        body,
        context,
        rule=deliver_commitment,
        facts=lambda: _delivery_facts(service, id, body.document),
    )


@router.post("/applications/{application}/commitment-return")
async def return_commitment_of(
    id: ApplicationId, body: ReturnCommitment, context: Officer, service: RunningService
) -> Answer:
    """Return a letter that is unfit; another one must be delivered by a deadline."""
    return await service.handle(
        application,
        id,
        body,
        context,
        rule=return_commitment,
        facts=lambda: _return_facts(service, id),
    )


async def _delivery_facts(service: Service, id: str, document: str) -> DeliveryFacts:
    """Return the letter as it stands; raises `Unknown` for one of another enterprise."""
    # One that is revoked during the read is delivered or not: both orders are possible.
    letter = standing(await document_states(service, enterprise_of(id))).get(document)
    if letter is None:
        raise Unknown("document", document)
    held = await load_exhibition(service, exhibition_of(id))
    return DeliveryFacts(letter=letter, exhibition=held.status)


async def _return_facts(service: Service, id: str) -> ReturnFacts:
    held = await load_exhibition(service, exhibition_of(id))
    return ReturnFacts(exhibition=held.status, starts_on=held.plan.starts_on if held.plan else None)
