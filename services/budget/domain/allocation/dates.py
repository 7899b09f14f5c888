"""The days of documents: in the fiscal year, not in the future, and in order.

A contract is signed on or after the day of the decree, ordered on or after its signature, delivered
on or after it too, and paid on or after its order. A return alone may come after the fiscal year:
the treasury then sends back a payment of December. Days are those of Jakarta.
"""

from datetime import date

from services.budget.domain.allocation.state import Allocation
from shared.contracts.calendar import jakarta_date
from shared.kernel.decider import Context, Refused

# Rules


def require_day(name: str, day: date, state: Allocation, context: Context) -> None:
    """Refuse a day outside the fiscal year or in the future; `name` is the field of the command."""
    if str(day.year) != state.programme:
        raise Refused(
            "outside-fiscal-year",
            f"`{name}` is {day}, but the money is that of {state.programme}: "
            "give a day of that year.",
        )
    require_past(name, day, context)


def require_past(name: str, day: date, context: Context) -> None:
    """Refuse a day in the future."""
    today = jakarta_date(context.now)
    if day > today:
        raise Refused(
            "in-the-future",
            f"`{name}` is {day}, and today is {today}: record it once it has happened.",
        )


def require_not_before(code: str, day: date, earliest: date | None, event: str) -> None:
    """Refuse a day before the `earliest`, which is the day of this event, if it is known."""
    if earliest is not None and day < earliest:
        raise Refused(
            code, f"You gave {day}, but {event} is of {earliest}: give that day or a later one."
        )
