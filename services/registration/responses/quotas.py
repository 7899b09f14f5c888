"""The sentence about the quota by which an applicant was passed over."""

from services.registration.responses.application import Result
from services.registration.responses.telling import words
from shared.contracts.registration.quota import Bound
from shared.contracts.words import Sentence


def by_quota(result: Result | None) -> tuple[Sentence, ...]:
    """Return the quota because of which the applicant was passed over, in a sentence."""
    stop = result.passed_over if result else None
    match stop.bound if stop else None:
        case Bound.MAXIMUM if stop:
            return (
                words(
                    f"Kuota {stop.quota}, yang mencakup permohonan Anda, sudah mencapai jumlah "
                    "maksimumnya; karena itu Anda dilewati.",
                    f"Quota {stop.quota}, which your application counts for, has all the places "
                    "of its maximum, so you were passed over.",
                ),
            )
        case Bound.MINIMUM if stop:
            return (
                words(
                    f"Tempat yang tersisa diperlukan untuk jumlah minimum kuota {stop.quota}; "
                    "karena itu Anda dilewati.",
                    f"The places that were left are needed for the minimum of quota {stop.quota}, "
                    "so you were passed over.",
                ),
            )
        case _:
            return ()
