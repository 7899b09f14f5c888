"""Test the rule of commitments: only reservations of places on the annex, each contracted once."""

import pytest

from services.budget.domain.allocation.commitments import (
    CommitmentFacts,
    ContractCommitment,
    contract_commitment,
)
from services.budget.domain.allocation.decider import allocation
from shared.contracts.budget.allocation import AllocationClosed
from tests.budget.examples import CONTRACTED, FUNDED, OFFICER, A, B, C, money
from tests.given import given

CONTRACT = ContractCommitment(contract="k-1", applications=(A, B))
DECREED = CommitmentFacts(annex=(A, B, C))


def test_reservations_on_the_annex_are_contracted() -> None:
    given(allocation, *FUNDED).when(
        CONTRACT, facts=DECREED, rule=contract_commitment, actor=OFFICER
    ).then(CONTRACTED)


@pytest.mark.parametrize(
    ("applications", "annex", "code"),
    [
        ((A,), None, "not-decreed"),
        ((A, B), (A, C), "not-on-annex"),
        ((A, C), (A, B, C), "not-reserved"),
        ((A, A), (A, B, C), "place-repeated"),
        ((), (A, B, C), "nothing-contracted"),
    ],
)
def test_only_places_with_a_reservation_on_the_annex_are_contracted(
    applications: tuple[str, ...], annex: tuple[str, ...] | None, code: str
) -> None:
    command = ContractCommitment(contract="k-1", applications=applications)
    facts = CommitmentFacts(annex=annex)
    given(allocation, *FUNDED).when(command, facts=facts, rule=contract_commitment).refused(code)


def test_a_contract_is_made_once() -> None:
    command = ContractCommitment(contract="k-1", applications=(C,))
    given(allocation, *FUNDED, CONTRACTED).when(
        command, facts=DECREED, rule=contract_commitment
    ).refused("contract-exists")


def test_a_place_is_contracted_once() -> None:
    command = ContractCommitment(contract="k-2", applications=(A,))
    given(allocation, *FUNDED, CONTRACTED).when(
        command, facts=DECREED, rule=contract_commitment
    ).refused("not-reserved")


def test_a_cancelled_exhibition_contracts_nothing() -> None:
    closed = AllocationClosed(**money(100, 80))
    given(allocation, *FUNDED, closed).when(
        CONTRACT, facts=DECREED, rule=contract_commitment
    ).refused("allocation-closed")


def test_nothing_is_contracted_where_no_allocation_exists() -> None:
    given(allocation).when(CONTRACT, facts=DECREED, rule=contract_commitment).refused("not-found")
