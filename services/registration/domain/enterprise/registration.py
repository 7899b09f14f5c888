"""The registration of an enterprise: the form with its numbers, the command with their hashes.

The route receives a `RegistrationForm`, and the rule decides on a `RegisterEnterprise`, which has
the hash of each number instead of the number: so the numbers reach neither the database nor a log.
Names and hashes are private fields, which no topic carries.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

from services.registration.domain.duplicates.search_keys import search_keys
from services.registration.domain.enterprise.identifiers import (
    Identifiers,
    OneIdentifier,
    check_kinds,
    hash_identifiers,
)
from services.registration.domain.enterprise.profile import (
    BoardNiks,
    Profile,
    board_of,
    check_board,
    check_cooperative_kind,
    product_photographs,
)
from services.registration.domain.enterprise.state import Enterprise, identifier_claim
from shared.contracts.registration.enterprise import EnterpriseEvent, EnterpriseRegistered
from shared.contracts.relations import Relation, RelationKind
from shared.kernel.decider import Context, Refused
from shared.kernel.keys import HashKeys
from shared.kernel.relations import enterprise_hash, person_hash

OWNER, ENTERPRISE = RelationKind.OWNER, RelationKind.ENTERPRISE

# Commands

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{8}\.[0-9a-f]{64}$")]
"""The keyed hash of a number, after the name of its key."""


@dataclass(frozen=True, kw_only=True)
class RegistrationForm(Profile):
    """Declare the profile and the numbers of an enterprise.

    Declare the net assets without the land and buildings of the business, and as
    `earlier_participations` the facilitated participations before this programme. `board_niks` are
    the NIK of a cooperative's board (Pengurus): by their hashes conflicts of interest are found.
    """

    cooperative: bool
    identifiers: Identifiers
    board_niks: BoardNiks = field(default=(), repr=False)


@dataclass(frozen=True, kw_only=True)
class RegisterEnterprise(Profile):
    """Register an enterprise with the keyed hash of each number instead of the number."""

    cooperative: bool
    identifiers: dict[str, Hash] = field(repr=False)
    search_keys: tuple[str, ...] = field(default=(), repr=False)
    relations: tuple[Relation, ...] = field(default=(), repr=False)


# Rules


def hash_form(
    form: RegistrationForm, keys: HashKeys, *, relation_keys: HashKeys
) -> RegisterEnterprise:
    """Return the command of a form; refuse numbers that do not fit the kind of enterprise.

    Equal forms make equal commands. Therefore the hash of the command, like a hash of the form,
    shows whether a request is repeated.
    """
    hashes = hash_identifiers(form.identifiers, keys)
    check_kinds(set(hashes), cooperative=form.cooperative)
    check_cooperative_kind(form, cooperative=form.cooperative)
    check_board(form.board_niks, cooperative=form.cooperative)
    if product_photographs(form.products):
        raise Refused(
            "photographs-later",
            "Only a registered enterprise uploads photographs: leave `photographs` out, and name "
            "them in a revision of the profile.",
        )
    return RegisterEnterprise(
        name=form.name,
        representative=form.representative,
        address=form.address,
        cooperative=form.cooperative,
        cooperative_kind=form.cooperative_kind,
        province=form.province,
        sector=form.sector,
        net_assets_idr=form.net_assets_idr,
        annual_sales_idr=form.annual_sales_idr,
        earlier_participations=form.earlier_participations,
        products=form.products,
        identifiers={kind: of_kind[-1] for kind, of_kind in hashes.items()},
        search_keys=search_keys(form.name, form.representative, keys),
        relations=_relations_of(form, relation_keys),
    )


def _relations_of(form: RegistrationForm, keys: HashKeys) -> tuple[Relation, ...]:
    """Return the relations of the owner or the board, and of the enterprise as an employer."""
    nik = form.identifiers.nik
    owner = () if nik is None else (Relation(kind=OWNER, hash=person_hash(nik, keys)),)
    itself = Relation(kind=ENTERPRISE, hash=enterprise_hash(form.identifiers.npwp, keys))
    return (*owner, itself, *board_of(form.board_niks, keys))


def identifier_claims_of(
    identifiers: Identifiers | OneIdentifier, keys: HashKeys
) -> dict[str, str]:
    """Return the kind of each number by its claims: one for each key that may have hashed it.

    Enterprises whose hashes have not been brought to the newest key are recognised by the others.
    """
    return {
        identifier_claim(kind, hashed): kind
        for kind, of_kind in hash_identifiers(identifiers, keys).items()
        for hashed in of_kind
    }


def register_enterprise(
    command: RegisterEnterprise, state: Enterprise | None, context: Context
) -> Sequence[EnterpriseEvent]:
    """Register an enterprise, once."""
    if state is not None:
        raise Refused(
            "already-registered",
            "You have registered this enterprise: an enterprise can be registered only once.",
        )
    check_kinds(set(command.identifiers), cooperative=command.cooperative)
    return [
        EnterpriseRegistered(
            enterprise=context.subject,
            cooperative=command.cooperative,
            cooperative_kind=command.cooperative_kind,
            province=command.province,
            sector=command.sector,
            net_assets_idr=command.net_assets_idr,
            annual_sales_idr=command.annual_sales_idr,
            earlier_participations=command.earlier_participations,
            products=command.products,
            name=command.name,
            representative=command.representative,
            address=command.address or "",
            identifiers=command.identifiers,
            search_keys=command.search_keys,
            relations=command.relations,
            registered_by=context.actor,
            source=context.source,
        )
    ]
