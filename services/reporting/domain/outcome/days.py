"""The day of a result: within the show for an outcome, after it for a follow-up, never to come.

Days are those of the zone of the show's host.
"""

from dataclasses import dataclass
from datetime import date

from shared.contracts.calendar import local_date
from shared.contracts.zones import JAKARTA
from shared.kernel.decider import Context, Refused


@dataclass(frozen=True, kw_only=True)
class Show:
    """The first and the last day of the exhibition, and the time zone of its host."""

    starts_on: date
    ends_on: date
    zone: str = JAKARTA


def require_within(show: Show, day: date, context: Context) -> None:
    """Refuse a day outside the show (`outside-show`), or one that is to come."""
    _require_come(show, day, context)
    if not show.starts_on <= day <= show.ends_on:
        raise Refused(
            "outside-show",
            f"The exhibition is from {show.starts_on} to {show.ends_on}: name one of its days, or "
            "report what came later as the follow-up of an outcome.",
        )


def require_after(show: Show, day: date, context: Context) -> None:
    """Refuse a day before the end of the show (`before-show-end`), or one that is to come."""
    _require_come(show, day, context)
    if day <= show.ends_on:
        raise Refused(
            "before-show-end",
            f"A follow-up comes after the show, which ends on {show.ends_on}: name a later day, "
            "or report an outcome of the show.",
        )


def _require_come(show: Show, day: date, context: Context) -> None:
    today = local_date(context.now, show.zone)
    if day > today:
        raise Refused(
            "not-yet-occurred",
            f"{day} has not come yet: report the result on that day or later.",
        )
