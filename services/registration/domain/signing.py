"""The rule of the day on which a document was signed, by Jakarta's calendar."""

from datetime import date

from shared.contracts.calendar import jakarta_date
from shared.kernel.decider import Context, Refused


def require_signed(signed_on: date, context: Context) -> None:
    """Refuse a document that is not signed yet."""
    today = jakarta_date(context.now)
    if signed_on > today:
        raise Refused(
            "signed-in-the-future",
            f"`signed_on` is {signed_on}, and today is {today}: "
            "record the document once it has been signed.",
        )
