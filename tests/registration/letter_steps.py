"""The steps of random journeys that are about the commitment letter."""

from dataclasses import replace
from datetime import timedelta

from services.registration.domain.application.commitment import (
    DeliverCommitment,
    DeliveryFacts,
    ExpireCommitment,
    ReturnCommitment,
    ReturnFacts,
    deliver_commitment,
    return_commitment,
)
from services.registration.domain.application.place import AcceptOffer, accept_offer
from services.registration.domain.exhibition.state import Status as ExhibitionStatus
from shared.contracts.calendar import jakarta_date
from shared.contracts.registration.application_codes import CommitmentProblem
from shared.contracts.registration.document import DocumentKind
from shared.kernel.decider import Origin
from tests.given import NOW
from tests.registration.examples import FILED, STARTS_ON, document_after
from tests.registration.steps import OWNER, ROOM, Step

SIGNED_LETTER = document_after(
    FILED.model_copy(
        update={
            "document_kind": DocumentKind.COMMITMENT_LETTER,
            "issued_on": jakarta_date(NOW),
            "file": "f-1",
        }
    )
)
LETTER_STEPS: list[Step] = [
    Step(
        command=AcceptOffer(),
        rule=accept_offer,
        facts=replace(ROOM, commitment_days=7),
        actor=OWNER,
    ),
    Step(
        command=DeliverCommitment(document="d-9"),
        rule=deliver_commitment,
        facts=DeliveryFacts(letter=SIGNED_LETTER, exhibition=ExhibitionStatus.VERIFIED),
        actor=OWNER,
    ),
    Step(
        command=ReturnCommitment(code=CommitmentProblem.NOT_SIGNED, reason="no signature"),
        rule=return_commitment,
        facts=ReturnFacts(exhibition=ExhibitionStatus.DECREED, starts_on=STARTS_ON),
    ),
    Step(command=ExpireCommitment(), origin=Origin.SWEEP, after=timedelta(days=8)),
]
