"""The questions about a report: it may be entered twice, and its amount may be too large.

Neither is refused for good. The caller who is sure answers in the body (`not_a_double`,
`confirmed`), and the event keeps the answer. The bounds are ours: what participants of a size class
sell in a show, and what a declared capacity can make.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from services.reporting.domain.outcome.state import Outcome, Status
from shared.contracts.reporting.outcome import Rung
from shared.contracts.words import SizeClass
from shared.kernel.decider import Refused

MILLION, BILLION = 10**6, 10**9
BOUNDS_IDR: Mapping[Rung, Mapping[SizeClass, int]] = {
    Rung.RETAIL_SALE: {
        SizeClass.MICRO: 150 * MILLION,
        SizeClass.SMALL: 500 * MILLION,
        SizeClass.MEDIUM: 2_500 * MILLION,
    },
    Rung.ORDER_ON_SITE: {
        SizeClass.MICRO: 500 * MILLION,
        SizeClass.SMALL: 2_500 * MILLION,
        SizeClass.MEDIUM: 10 * BILLION,
    },
    Rung.TRADE_CONTRACT: {
        SizeClass.MICRO: BILLION,
        SizeClass.SMALL: 5 * BILLION,
        SizeClass.MEDIUM: 50 * BILLION,
    },
    Rung.POTENTIAL: {
        SizeClass.MICRO: 2 * BILLION,
        SizeClass.SMALL: 10 * BILLION,
        SizeClass.MEDIUM: 50 * BILLION,
    },
}
"""The largest plausible outcome in rupiah, by rung and size class (ours)."""

MONTHS: Mapping[Rung, int] = {
    Rung.RETAIL_SALE: 1,
    Rung.ORDER_ON_SITE: 6,
    Rung.TRADE_CONTRACT: 12,
    Rung.POTENTIAL: 24,
}
"""An outcome of a rung is made in so many months at most (ours)."""

UNIT_IDR_MAX = 10 * MILLION
"""A unit of the declared capacity is sold for so many rupiah at most (ours)."""


def bound_idr(rung: Rung, size_class: SizeClass, capacity: int) -> int:
    """Return the largest plausible outcome; `capacity` is in units a month (0: not declared)."""
    bound = BOUNDS_IDR[rung][size_class]
    if not capacity:
        return bound
    return min(bound, capacity * MONTHS[rung] * UNIT_IDR_MAX)


def ask_about_amount(amount_idr: int, bound: int, *, confirmed: bool) -> None:
    """Ask about an amount above its bound (`implausible-amount`), unless it is confirmed."""
    if amount_idr > bound and not confirmed:
        raise Refused(
            "implausible-amount",
            f"Rp {amount_idr:,} is much for this participant and this kind of result (up to "
            f"Rp {bound:,} is usual): check amount and currency. If they are right, send "
            "`confirmed: true`.",
        )


def ask_about_doubles(doubles: Iterable[str], *, not_a_double: bool) -> None:
    """Ask about equal sales before (`possible-double-entry`), unless it is another sale."""
    named = ", ".join(doubles)
    if named and not not_a_double:
        raise Refused(
            "possible-double-entry",
            f"An equal result was reported before: {named}. If yours is another one, send "
            "`not_a_double: true`.",
        )


def doubles_of(state: Outcome, sale: tuple[str, Decimal, object]) -> list[str]:
    """Return the follow-ups that equal this one: buyer's country, amount and day."""
    return [
        id
        for id, each in state.follow_ups.items()
        if each.status is not Status.VOID
        and (each.buyer_country, each.amount, each.occurred_on) == sale
    ]
