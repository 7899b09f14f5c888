"""The facts that a document states: it can be issued once they are there, and is outdated after.

A document names its facts by `basis`. When they are others, its paper is outdated: the check of its
digest says so, and nothing is written for that.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import assert_never

from services.registration.domain.selection_record import Decree, SelectionRecord
from shared.contracts.registration.issued_document import IssuedKind

OF_THE_SELECTION = frozenset(
    {"selected", "reserve", "not-selected", "gate-not-passed", "reserve-not-reached"}
)
"""The outcomes of an application of which a letter tells; every other end has its own story."""


@dataclass(frozen=True, kw_only=True)
class LetterBasis:
    """The outcome of the application of this enterprise, or None while there is none."""

    enterprise: str
    outcome: str | None


@dataclass(frozen=True, kw_only=True)
class MinutesBasis:
    """The record of the round; `cancelled`: the exhibition is not held.

    An override, or an objection that is upheld after the approval, makes other minutes.
    """

    record: SelectionRecord
    cancelled: bool


@dataclass(frozen=True, kw_only=True)
class AnnexBasis:
    """The decree, or None while there is none; `cancelled`: the exhibition is not held."""

    decree: Decree | None
    cancelled: bool


Basis = LetterBasis | MinutesBasis | AnnexBasis


def kind_of(basis: Basis) -> IssuedKind:
    """Return the kind of document that states these facts."""
    match basis:
        case LetterBasis():
            return IssuedKind.DECISION_LETTER
        case MinutesBasis():
            return IssuedKind.SELECTION_MINUTES
        case AnnexBasis():
            return IssuedKind.DECREE_ANNEX
        case _:
            assert_never(basis)


def addressee_of(basis: Basis) -> str | None:
    """Return the enterprise to which a letter is addressed, or None of another document."""
    return basis.enterprise if isinstance(basis, LetterBasis) else None


def named(basis: Basis) -> str:
    """Return the name of these facts, or an empty text while no document can state them."""
    match basis:
        case LetterBasis():
            return basis.outcome if basis.outcome in OF_THE_SELECTION else ""
        case MinutesBasis():
            return "" if basis.cancelled else _minutes(basis.record)
        case AnnexBasis():
            decree = None if basis.cancelled else basis.decree
            return _annex(decree) if decree and not decree.undocumented else ""
        case _:
            assert_never(basis)


def _minutes(record: SelectionRecord) -> str:
    if record.approval is None:
        return ""
    overrides = (each.model_dump_json() for each in record.approval.overrides)
    upheld = (
        " ".join(
            (
                each.application,
                each.ground,
                each.number,
                each.signed_on.isoformat(),
                str(each.placed),
                each.instead_of or "",
            )
        )
        for each in record.upheld
    )
    exceptions = "\n".join((*overrides, *upheld))
    # The approved lists never change: only what supersedes them makes other minutes.
    return f"approved {sha256(exceptions.encode()).hexdigest()}" if exceptions else "approved"


def _annex(decree: Decree) -> str:
    content = "\n".join((decree.number, decree.last_number, *decree.annex))
    return sha256(content.encode()).hexdigest()
