"""The rules of objections (Sanggahan) to an approved selection: filed, withdrawn, and their time.

An applicant that was not selected objects while the window is open, names a ground, and may add
files. `objection_decisions` decides on it, and `disputes` says which seat is in escrow meantime. If
no approver decides in time the escrow ends, so that silence blocks no exhibition; the decision is
still owed, and the objection can be decided until the decree.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, assert_never

from pydantic import Field

from services.selection.domain.choosing.problem import Codes
from services.selection.domain.selection_round.disputes import settled
from services.selection.domain.selection_round.objection import ObjectionStatus
from services.selection.domain.selection_round.objection_decisions import (
    DismissObjection,
    UpholdObjection,
    decide_merits,
    undecided,
)
from services.selection.domain.selection_round.objection_window import (
    CLOSING_GRACE,
    CloseObjectionWindow,
    ExpireObjection,
    decide_by,
    first_decide_by,
    window_ends,
)
from services.selection.domain.selection_round.state import Round, Status
from shared.contracts.selection.objection import (
    ObjectionExpired,
    ObjectionFile,
    ObjectionFiled,
    ObjectionFileRead,
    ObjectionWindowClosed,
    ObjectionWithdrawn,
)
from shared.contracts.selection.round import RoundEvent
from shared.contracts.selection.round_codes import ObjectionGround
from shared.contracts.words import Id, PairId, Text
from shared.kernel.decider import Context, Refused, absent
from shared.kernel.errors import NotFound

FILES_MAX = 5
"""The files of an objection (ours)."""

# Commands


@dataclass(frozen=True, kw_only=True)
class FileObjection:
    """Object to the selection as an applicant that was not selected; `reason` stays private.

    `files` are the ids of uploaded files.
    """

    application: PairId
    ground: ObjectionGround
    reason: Text = field(repr=False)
    files: Annotated[tuple[Id, ...], Field(max_length=FILES_MAX)] = ()


@dataclass(frozen=True, kw_only=True)
class ObjectionFacts:
    """The quotas that count the applicant, the applications of its owner, the uploaded files."""

    counts_for: Codes
    same_owner: tuple[str, ...] = ()
    files: tuple[ObjectionFile, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WithdrawObjection:
    """Withdraw your objection before it is decided."""

    application: PairId


@dataclass(frozen=True, kw_only=True)
class ReadObjectionFile:
    """Read a file of an objection, as its applicant, a judge of it, or an auditor."""

    application: PairId
    file: Id


ObjectionCommand = (
    WithdrawObjection
    | UpholdObjection
    | DismissObjection
    | ReadObjectionFile
    | CloseObjectionWindow
    | ExpireObjection
)
"""The commands about objections that need no facts."""

# Rules


def file_objection(
    command: FileObjection, facts: ObjectionFacts, state: Round | None, context: Context
) -> Sequence[RoundEvent]:
    """File an objection of an applicant that was not selected, once, in time."""
    if state is None:
        return absent(context, "round", yet=True)
    require_window(state, context)
    _require_objector(command.application, state)
    filed = ObjectionFiled(
        application=command.application,
        ground=command.ground,
        decide_by=first_decide_by(state, context),
        counts_for=facts.counts_for,
        same_owner=facts.same_owner,
        words=command.reason,
        files=facts.files,
        filed_by=context.actor,
        **state.round_fields,
    )
    return settled([filed], state, context)


def decide_objection(
    command: ObjectionCommand, state: Round, context: Context
) -> Sequence[RoundEvent]:
    """Decide a command about an objection, or about the time for them."""
    match command:
        case CloseObjectionWindow():
            return _close_window(state, context)
        case ExpireObjection():
            return _expire(command, state, context)
        case WithdrawObjection():
            objection = undecided(command.application, state)
            withdrawn = ObjectionWithdrawn(
                application=objection.application,
                withdrawn_by=context.actor,
                **state.round_fields,
            )
            return [withdrawn]
        case UpholdObjection() | DismissObjection():
            return decide_merits(command, state, context)
        case ReadObjectionFile():
            return _read(command, state, context)
        case _:
            assert_never(command)


def require_window(state: Round, context: Context) -> None:
    """Refuse an applicant before the approval, without a time for objections, and after it."""
    ends = window_ends(state)
    if not state.window_open or ends is None or context.now > ends:
        raise Refused(
            "objections-closed",
            f"The round is {state.status}, and you can object only after the approval, until the "
            "time for objections ends (GET /candidates/{candidate}/objection).",
        )


def _require_objector(application: str, state: Round) -> None:
    if application not in state.remaining:
        raise Refused(
            "not-a-candidate",
            f"{application} is no candidate of this selection, or has left it, so it cannot object "
            "to it.",
        )
    if application in state.seats:
        raise Refused(
            "seat-given", f"{application} was given a seat, so there is nothing to object to."
        )
    objection = state.objection_of(application)
    if objection is not None and objection.status is not ObjectionStatus.WITHDRAWN:
        raise Refused(
            "objection-filed",
            f"{application} has objected already: read its objection "
            "(GET /candidates/{candidate}/objection).",
        )


def _close_window(state: Round, context: Context) -> Sequence[RoundEvent]:
    ends = window_ends(state)
    if not state.window_open or ends is None or context.now < ends + CLOSING_GRACE:
        return []
    return [ObjectionWindowClosed(**state.round_fields)]


def _expire(command: ExpireObjection, state: Round, context: Context) -> Sequence[RoundEvent]:
    objection = state.objection_of(command.application)
    if (
        state.status is not Status.APPROVED
        or objection not in state.disputed
        or objection is None
        or context.now <= decide_by(objection, state)
    ):
        return []
    return [ObjectionExpired(application=command.application, **state.round_fields)]


def _read(command: ReadObjectionFile, state: Round, context: Context) -> Sequence[RoundEvent]:
    objection = state.objection_of(command.application)
    if objection is None or command.file not in {each.id for each in objection.files}:
        raise NotFound("file of objection", command.file)
    read = ObjectionFileRead(
        application=command.application,
        read_at=context.now,
        file=command.file,
        reader=context.actor,
        **state.round_fields,
    )
    return [read]
