"""The rule of commitments: a contract binds the reservations of places.

Costs are contracted only for places on the annex of the participants' decree that have a
reservation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from services.budget.domain.allocation.state import Allocation
from shared.contracts.budget.allocation import AllocationEvent, CommitmentContracted
from shared.contracts.words import Id, PairId
from shared.kernel.decider import Context, Refused, absent

# Commands


@dataclass(frozen=True, kw_only=True)
class ContractCommitment:
    """Bind the reservations of these places by a contract (Komitmen)."""

    contract: Id
    applications: Annotated[tuple[PairId, ...], Field(min_length=1, max_length=2_000)]


@dataclass(frozen=True, kw_only=True)
class CommitmentFacts:
    """The decree's annex with its amendments; None until a decree is received."""

    annex: tuple[str, ...] | None


# Rules


def contract_commitment(
    command: ContractCommitment, facts: CommitmentFacts, state: Allocation | None, context: Context
) -> Sequence[AllocationEvent]:
    """Bind the reservations of places on the annex."""
    if state is None:
        return absent(context, "allocation", yet=True)
    if state.closed:
        raise Refused(
            "allocation-closed", "The exhibition is cancelled, so you cannot make a contract."
        )
    if command.contract in state.contracts:
        raise Refused(
            "contract-exists",
            f"This exhibition has a contract {command.contract} already: use another id.",
        )
    _check_places(command.applications, facts.annex, state)
    amount_idr = sum(state.reserved[application] for application in command.applications)
    return [
        CommitmentContracted(
            contract=command.contract,
            applications=command.applications,
            amount_idr=amount_idr,
            contracted_by=context.actor,
            **state.balances(reserved=-amount_idr, contracted=amount_idr),
        )
    ]


def _check_places(
    applications: tuple[str, ...], annex: tuple[str, ...] | None, state: Allocation
) -> None:
    if not applications:
        raise Refused("nothing-contracted", "A contract needs at least one place: name its places.")
    if len(set(applications)) < len(applications):
        raise Refused("place-repeated", "A place is named twice: name each place once.")
    if annex is None:
        raise Refused(
            "not-decreed",
            "No participants' decree of this exhibition has arrived: "
            "record it first, or try again in a moment.",
        )
    absent = [application for application in applications if application not in annex]
    if absent:
        raise Refused(
            "not-on-annex",
            f"These places are not on the decree's annex: {', '.join(absent)}. Leave them out.",
        )
    unreserved = [application for application in applications if application not in state.reserved]
    if unreserved:
        raise Refused(
            "not-reserved",
            f"No money is reserved for these places: {', '.join(unreserved)}. Leave them out.",
        )
