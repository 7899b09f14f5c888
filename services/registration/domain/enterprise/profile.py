"""The profile of an enterprise: declared at its registration, and revised with a reason.

A revision replaces the whole profile. History keeps each earlier one, with the person, the time and
the reason. An application that was submitted keeps what it froze: a revision or a correction of the
application freezes the profile again. The official numbers are no part of the profile: an
enterprise is recognised by them, and so is whether it is a cooperative, which decides the numbers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Annotated

from pydantic import Field

from services.registration.domain.duplicates.search_keys import search_keys
from services.registration.domain.enterprise.state import Enterprise
from shared.contracts.codes import Sector
from shared.contracts.numbers import Nik
from shared.contracts.registration.enterprise import (
    CooperativeKind,
    EnterpriseEvent,
    Product,
    ProfileRevised,
    ProfileRevisionCode,
)
from shared.contracts.relations import Relation, RelationKind
from shared.contracts.words import Province, Rupiah, Text
from shared.kernel.decider import Context, Refused, absent
from shared.kernel.keys import HashKeys
from shared.kernel.relations import person_hash

Products = Annotated[tuple[Product, ...], Field(max_length=50)]

BoardNiks = Annotated[tuple[Nik, ...], Field(max_length=50)]
"""The NIK of a cooperative's board; they exist only during the request, then their hashes do."""

# Commands


@dataclass(frozen=True, kw_only=True)
class Profile:
    """The profile as its enterprise declares it.

    Declare the net assets without the land and buildings of the business, and as
    `earlier_participations` the facilitated participations before this programme.
    """

    name: Text = field(repr=False)
    representative: Text = field(repr=False)
    address: Text | None = field(default=None, repr=False)
    cooperative_kind: CooperativeKind | None = None
    province: Province
    sector: Sector
    net_assets_idr: Rupiah
    annual_sales_idr: Rupiah
    earlier_participations: Annotated[int, Field(ge=0, le=1_000)]
    products: Products = ()


@dataclass(frozen=True, kw_only=True)
class Revision(Profile):
    """A whole profile, and why it takes the place of the one before."""

    code: ProfileRevisionCode
    reason: Text = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class RevisionForm(Revision):
    """Declare the whole profile; `reason` is for the enterprise, officers and auditors.

    `board_niks` are the NIK of a cooperative's board (Pengurus): left out, the board stays as it
    was declared, because only its hashes are stored; an empty list takes it away.
    """

    board_niks: BoardNiks | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class ReviseProfile(Revision):
    """Replace the whole profile, with the keyed hashes by which it is found, and of its board."""

    search_keys: tuple[str, ...] = field(default=(), repr=False)
    board: tuple[Relation, ...] | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class ProfileFacts:
    """The files that the profile names and that are no pictures."""

    no_pictures: tuple[str, ...]


# Rules


def hash_revision(form: RevisionForm, keys: HashKeys, *, relation_keys: HashKeys) -> ReviseProfile:
    """Return the command of a form; equal forms make equal commands."""
    niks = form.board_niks
    return ReviseProfile(
        **{each.name: getattr(form, each.name) for each in fields(Revision)},
        search_keys=search_keys(form.name, form.representative, keys),
        board=None if niks is None else board_of(niks, relation_keys),
    )


def board_of(niks: Iterable[str], keys: HashKeys) -> tuple[Relation, ...]:
    """Return the relations of a board, each person once."""
    hashes = dict.fromkeys(person_hash(nik, keys) for nik in niks)
    return tuple(Relation(kind=RelationKind.BOARD, hash=each) for each in hashes)


def revise_profile(
    command: ReviseProfile, facts: ProfileFacts, state: Enterprise | None, context: Context
) -> Sequence[EnterpriseEvent]:
    """Replace the profile; refuse a revision that changes nothing."""
    if state is None:
        return absent(context, "enterprise")
    check_cooperative_kind(command, cooperative=state.cooperative)
    check_board(command.board or (), cooperative=state.cooperative)
    if facts.no_pictures:
        raise Refused(
            "no-picture",
            f"The file {facts.no_pictures[0]} is no picture: name a JPEG or a PNG among the "
            "photographs of a product.",
        )
    revised = ProfileRevised(
        enterprise=context.subject,
        code=command.code,
        cooperative_kind=command.cooperative_kind,
        province=command.province,
        sector=command.sector,
        earlier_participations=command.earlier_participations,
        net_assets_idr=command.net_assets_idr,
        annual_sales_idr=command.annual_sales_idr,
        products=command.products,
        name=command.name,
        representative=command.representative,
        address=command.address or "",
        search_keys=command.search_keys,
        relations=_with_board(state.relations, command.board),
        reason=command.reason,
        revised_by=context.actor,
    )
    found_by = replace(state, search_keys=command.search_keys)
    if state.with_profile(revised) == found_by:
        raise Refused(
            "nothing-changed",
            "The profile is the same as the present one: send the profile with what is to change.",
        )
    return [revised]


def _with_board(
    relations: tuple[Relation, ...], board: tuple[Relation, ...] | None
) -> tuple[Relation, ...]:
    if board is None:
        return relations
    others = tuple(each for each in relations if each.kind is not RelationKind.BOARD)
    return (*others, *board)


def check_board(board: Iterable[object], *, cooperative: bool) -> None:
    """Refuse the board of an enterprise that is no cooperative."""
    if any(True for _ in board) and not cooperative:
        raise Refused("no-board", "Only a cooperative has a board: leave `board_niks` out.")


def product_photographs(products: Iterable[Product]) -> tuple[str, ...]:
    """Return the files that show these products."""
    return tuple(file for product in products for file in product.photographs)


def check_cooperative_kind(profile: Profile, *, cooperative: bool) -> None:
    """Refuse a kind of cooperative of an enterprise that is none."""
    if profile.cooperative_kind is not None and not cooperative:
        raise Refused(
            "no-cooperative",
            "Only a cooperative has a kind: leave `cooperative_kind` out.",
        )
