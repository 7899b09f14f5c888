"""Enterprise (Pelaku Usaha, Koperasi included): registered once, with its documents as they come.

It arrives as a `RegistrationForm` with its numbers and is decided on as `RegisterEnterprise` with
their hashes: the numbers themselves reach neither the database nor a log. Names, hashes and the
numbers of documents are private fields, which no topic carries.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, assert_never

from pydantic import Field

from services.registration.domain.enterprise.identifiers import (
    Identifiers,
    check_kinds,
    hash_identifiers,
)
from shared.contracts.calendar import jakarta_date
from shared.contracts.registration.enterprise import (
    DocumentFiled,
    DocumentKind,
    EnterpriseEvent,
    EnterpriseRegistered,
    FiledDocument,
)
from shared.contracts.words import Province, Rupiah, Sector, Text
from shared.kernel.decider import Context, Decider, Refused, refuse_or_ignore

# Commands

Products = Annotated[tuple[Text, ...], Field(max_length=50)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True, kw_only=True)
class _Profile:
    name: Text = field(repr=False)
    representative: Text = field(repr=False)
    cooperative: bool
    province: Province
    sector: Sector
    net_assets_idr: Rupiah
    annual_sales_idr: Rupiah
    earlier_participations: Annotated[int, Field(ge=0, le=1_000)]
    products: Products = ()


@dataclass(frozen=True, kw_only=True)
class RegistrationForm(_Profile):
    """The data that an enterprise declares. Net assets without land and buildings of the business;
    `earlier_participations`: facilitated ones before this programme.
    """

    identifiers: Identifiers


@dataclass(frozen=True, kw_only=True)
class RegisterEnterprise(_Profile):
    """The same with the keyed hash of each number instead of the number."""

    identifiers: dict[str, Hash]


@dataclass(frozen=True, kw_only=True)
class FileDocument:
    """A licence, permit or certificate; it takes the place of an earlier one of its kind."""

    document: DocumentKind
    issuer: Text
    number: Text = field(repr=False)
    issued_on: date
    expires_on: date | None = None


EnterpriseCommand = RegisterEnterprise | FileDocument

# State


@dataclass(frozen=True, kw_only=True)
class Document:
    """A supporting document (Dokumen Pendukung) with all that was said of it."""

    issuer: str
    number: str
    issued_on: date
    expires_on: date | None


@dataclass(frozen=True, kw_only=True)
class Enterprise:
    """An enterprise's profile, and its documents by kind."""

    name: str
    representative: str
    cooperative: bool
    province: Province
    sector: str
    net_assets_idr: int
    annual_sales_idr: int
    earlier_participations: int
    products: tuple[str, ...]
    identifiers: dict[str, str]
    documents: dict[DocumentKind, Document] = field(default_factory=dict)

    def filed(self) -> tuple[FiledDocument, ...]:
        """The documents as an application freezes them, in order of kind, without numbers."""
        return tuple(
            FiledDocument(
                document=kind, issued_on=document.issued_on, expires_on=document.expires_on
            )
            for kind, document in sorted(self.documents.items())
        )


# Rules


def hashed(form: RegistrationForm, key: bytes) -> RegisterEnterprise:
    """The command of a form. Raises `Refused` where the numbers do not fit such an enterprise.

    Equal forms make equal commands, so hashing the command tells a repeated request from another
    one as well as hashing the body would.
    """
    hashes = hash_identifiers(form.identifiers, key)
    check_kinds(set(hashes), cooperative=form.cooperative)
    return RegisterEnterprise(
        name=form.name,
        representative=form.representative,
        cooperative=form.cooperative,
        province=form.province,
        sector=form.sector,
        net_assets_idr=form.net_assets_idr,
        annual_sales_idr=form.annual_sales_idr,
        earlier_participations=form.earlier_participations,
        products=form.products,
        identifiers=hashes,
    )


def decide(
    command: EnterpriseCommand, state: Enterprise | None, context: Context
) -> Sequence[EnterpriseEvent]:
    """Registered once; documents at any time after."""
    match command:
        case RegisterEnterprise():
            return _register(command, state, context)
        case FileDocument() if state is None:
            return refuse_or_ignore(context, "not-registered", "Register this enterprise first.")
        case FileDocument():
            return _file(command, context)
        case _:
            assert_never(command)


def evolve(state: Enterprise | None, event: EnterpriseEvent) -> Enterprise:
    """Fold an event."""
    match event:
        case EnterpriseRegistered():
            return Enterprise(
                name=event.name,
                representative=event.representative,
                cooperative=event.cooperative,
                province=event.province,
                sector=event.sector,
                net_assets_idr=event.net_assets_idr,
                annual_sales_idr=event.annual_sales_idr,
                earlier_participations=event.earlier_participations,
                products=event.products,
                identifiers=event.identifiers,
            )
        case DocumentFiled():
            assert state is not None, "documents are filed after the registration"
            document = Document(
                issuer=event.issuer,
                number=event.number,
                issued_on=event.issued_on,
                expires_on=event.expires_on,
            )
            return replace(state, documents={**state.documents, event.document: document})
        case _:
            assert_never(event)


def is_known_by(state: Enterprise | None, kind: str, number_hash: str) -> bool:
    """Return True if the enterprise has registered this number, so that it stays claimed."""
    return state is not None and state.identifiers.get(kind) == number_hash


def _register(
    command: RegisterEnterprise, state: Enterprise | None, context: Context
) -> Sequence[EnterpriseEvent]:
    if state is not None:
        raise Refused("already-registered", "This enterprise has been registered before.")
    check_kinds(set(command.identifiers), cooperative=command.cooperative)
    return [
        EnterpriseRegistered(
            enterprise=context.subject,
            cooperative=command.cooperative,
            province=command.province,
            sector=command.sector,
            net_assets_idr=command.net_assets_idr,
            annual_sales_idr=command.annual_sales_idr,
            earlier_participations=command.earlier_participations,
            products=command.products,
            name=command.name,
            representative=command.representative,
            identifiers=command.identifiers,
        )
    ]


def _file(command: FileDocument, context: Context) -> Sequence[EnterpriseEvent]:
    if command.issued_on > jakarta_date(context.now):
        raise Refused("issued-in-the-future", "A document is filed once it has been issued.")
    if command.expires_on is not None and command.expires_on < command.issued_on:
        raise Refused("expires-before-issue", "A document cannot expire before it is issued.")
    return [
        DocumentFiled(
            enterprise=context.subject,
            document=command.document,
            issuer=command.issuer,
            issued_on=command.issued_on,
            expires_on=command.expires_on,
            number=command.number,
        )
    ]


enterprise = Decider(
    kind="enterprise",
    commands=EnterpriseCommand,
    state=Enterprise | None,
    events=EnterpriseEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
)
