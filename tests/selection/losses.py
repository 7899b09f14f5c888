"""Examples of a seat that an officer takes away, with the approver."""

from datetime import date

from shared.contracts.selection.round_codes import LossCode
from shared.contracts.selection.round_seats import (
    LossRequested,
    PlaceLost,
    SignedDocument,
)
from tests.selection.examples import APPROVER, OFFICER, ROUND_FIELDS, B

DOCUMENT = SignedDocument(number="ND-3/2018", signed_on=date(2018, 2, 1))
REQUESTED = LossRequested(
    application=B,
    code=LossCode.SANCTION,
    words="its licence was revoked",
    document=DOCUMENT,
    requested_by=OFFICER,
    **ROUND_FIELDS,
)
TAKEN = PlaceLost(
    application=B,
    reason=LossCode.SANCTION,
    document=DOCUMENT,
    words="its licence was revoked",
    requested_by=OFFICER,
    approved_by=APPROVER,
    **ROUND_FIELDS,
)
"""The approver has taken the seat of B, as the officer had requested."""
