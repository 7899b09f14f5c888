"""The rules of sanctions (Sanksi): one officer imposes a sanction, and another one lifts it.

A sanction is in force from its first day through its last, by Jakarta's calendar, or until it is
lifted. While one is in force its enterprise can neither apply nor revise an application, and no
application of it is found eligible. A place that it has is lost only by selection's decision.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import assert_never

from services.registration.domain.enterprise.state import Enterprise, Sanction
from services.registration.domain.signing import require_signed
from shared.contracts.calendar import jakarta_date
from shared.contracts.documents import DocumentNumber, comparable
from shared.contracts.registration.enterprise import (
    EnterpriseEvent,
    LiftingCode,
    SanctionCode,
    SanctionImposed,
    SanctionLifted,
    SanctionNumber,
)
from shared.contracts.words import PublicText, Text
from shared.kernel.decider import Context, Refused
from shared.kernel.four_eyes import (
    IMPOSE_AND_LIFT,
    require_another_enterprise,
    require_another_person,
)

# Commands


@dataclass(frozen=True, kw_only=True)
class ImposeSanction:
    """Impose a sanction by the document of an authority; `reason` stays private.

    Without `ends_on` it is in force until it is lifted.
    """

    code: SanctionCode
    starts_on: date
    ends_on: date | None = None
    authority: PublicText
    document_number: DocumentNumber
    signed_on: date
    reason: Text = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class LiftSanction:
    """Lift the sanction with this number, by a document of its own; `reason` stays private."""

    sanction: SanctionNumber
    code: LiftingCode
    authority: PublicText
    document_number: DocumentNumber
    signed_on: date
    reason: Text = field(repr=False)


SanctionCommand = ImposeSanction | LiftSanction

# Rules


def decide_sanction(
    command: SanctionCommand, state: Enterprise, context: Context
) -> Sequence[EnterpriseEvent]:
    """Impose a sanction, or lift one."""
    match command:
        case ImposeSanction():
            return _impose(command, state, context)
        case LiftSanction():
            return _lift(command, state, context)
        case _:
            assert_never(command)


def _impose(
    command: ImposeSanction, state: Enterprise, context: Context
) -> Sequence[EnterpriseEvent]:
    """Impose a sanction; a document imposes one of an enterprise."""
    require_another_enterprise(context.subject, context)
    require_signed(command.signed_on, context)
    if command.starts_on < command.signed_on:
        raise Refused(
            "starts-before-signing",
            f"The sanction starts on {command.starts_on}, and its document is signed on "
            f"{command.signed_on}: correct `starts_on` or `signed_on`.",
        )
    if command.ends_on is not None and command.ends_on < command.starts_on:
        raise Refused(
            "ends-before-start",
            "The sanction ends before it starts: correct `starts_on` or `ends_on`.",
        )
    used = {comparable(each.document_number) for each in state.sanctions}
    if comparable(command.document_number) in used:
        raise Refused(
            "document-repeated",
            f"The document {command.document_number} has imposed a sanction on this enterprise "
            "already: check the number.",
        )
    return [
        SanctionImposed(
            enterprise=context.subject,
            sanction=len(state.sanctions) + 1,
            code=command.code,
            starts_on=command.starts_on,
            ends_on=command.ends_on,
            authority=command.authority,
            document_number=command.document_number,
            signed_on=command.signed_on,
            reason=command.reason,
            imposed_by=context.actor,
        )
    ]


def _lift(command: LiftSanction, state: Enterprise, context: Context) -> Sequence[EnterpriseEvent]:
    """Lift a sanction whose term is not over, as another person than who imposed it."""
    require_another_enterprise(context.subject, context)
    sanction = _standing(command, state, context)
    require_another_person(IMPOSE_AND_LIFT, {sanction.imposed_by}, context)
    require_signed(command.signed_on, context)
    return [
        SanctionLifted(
            enterprise=context.subject,
            sanction=command.sanction,
            code=command.code,
            authority=command.authority,
            document_number=command.document_number,
            signed_on=command.signed_on,
            reason=command.reason,
            lifted_by=context.actor,
        )
    ]


def require_no_sanction(state: Enterprise, context: Context) -> None:
    """Refuse an enterprise that is under a sanction today (`sanctioned`)."""
    sanction = state.sanction_on(jakarta_date(context.now))
    if sanction is not None:
        until = f"through {sanction.ends_on}" if sanction.ends_on else "until it is lifted"
        raise Refused(
            "sanctioned",
            f"A sanction of {sanction.authority} ({sanction.document_number}) is in force {until}: "
            "you can apply after that.",
        )


def sanction_today(state: Enterprise, now: datetime) -> str | None:
    """Return code and term (ISO 8601) of a sanction that is in force on this day, or None."""
    sanction = state.sanction_on(jakarta_date(now))
    if sanction is None:
        return None
    return f"{sanction.code} {sanction.starts_on}/{sanction.ends_on or '..'}"


def _standing(command: LiftSanction, state: Enterprise, context: Context) -> Sanction:
    if command.sanction > len(state.sanctions):
        raise Refused(
            "no-such-sanction",
            f"This enterprise has no sanction {command.sanction}: it has {len(state.sanctions)}.",
        )
    sanction = state.sanctions[command.sanction - 1]
    if sanction.lifted_because is not None:
        raise Refused("already-lifted", "This sanction has been lifted.")
    if sanction.ends_on is not None and sanction.ends_on < jakarta_date(context.now):
        raise Refused(
            "sanction-over",
            f"This sanction ended on {sanction.ends_on}, so there is nothing to lift.",
        )
    return sanction
