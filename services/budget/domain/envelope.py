"""Envelope (Pagu, per programme and scope): the money to allot, and its allotments by exhibition.

One figure rules all commands: `free = pagu - blocked - allotted` never falls below zero, for any
caller. Money grows here first (`AllotmentMade`, then the allocation is raised) and shrinks at the
allocation first (`AllocationLowered`, then `ReturnAllotment`), always as a delta: so no allocation
ever holds more than this envelope has allotted to its exhibition, whatever is in flight.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from services.budget.domain.envelope_books import Envelope, evolve
from services.budget.domain.money import rupiah
from shared.contracts.budget.envelope import (
    AllotmentMade,
    AllotmentReturned,
    EnvelopeBlocked,
    EnvelopeEvent,
    EnvelopeOpened,
    EnvelopeRevised,
    EnvelopeUnblocked,
)
from shared.contracts.words import IDR_MAX, Delta, Id, Positive, Scope, Text, Year
from shared.kernel.decider import Context, Decider, Refused, given_facts, refuse_or_ignore

# Commands


@dataclass(frozen=True, kw_only=True)
class OpenEnvelope:
    """The pagu of a programme's scope, by the document (DIPA) that grants it."""

    programme: Year
    scope: Scope
    pagu_idr: Positive
    document_number: Text


@dataclass(frozen=True, kw_only=True)
class ReviseEnvelope:
    """The pagu changes by `delta_idr`, up or down (Revisi: semula-menjadi)."""

    delta_idr: Delta
    document_number: Text
    reason: Text


@dataclass(frozen=True, kw_only=True)
class BlockEnvelope:
    """An amount may not be used for now (Blokir)."""

    amount_idr: Positive
    reason: Text


@dataclass(frozen=True, kw_only=True)
class UnblockEnvelope:
    """A blocked amount is free again."""

    amount_idr: Positive
    reason: Text


@dataclass(frozen=True, kw_only=True)
class MakeAllotment:
    """`amount_idr` more for an exhibition, whose places cost `unit_cost_idr` each from now on."""

    exhibition: Id
    amount_idr: Positive
    unit_cost_idr: Positive


@dataclass(frozen=True, kw_only=True)
class AllotmentFacts:
    """The facts about the exhibition that is to get money."""

    programme: str
    scope: Scope
    cancelled: bool


@dataclass(frozen=True, kw_only=True)
class ReturnAllotment:
    """(reaction) An allocation was lowered: its money is the envelope's again."""

    exhibition: Id
    amount_idr: Positive


EnvelopeCommand = (
    OpenEnvelope
    | ReviseEnvelope
    | BlockEnvelope
    | UnblockEnvelope
    | MakeAllotment
    | ReturnAllotment
)

# Rules


def decide(
    command: EnvelopeCommand, facts: object, state: Envelope | None, context: Context
) -> Sequence[EnvelopeEvent]:
    """Decide; refusals name the figures, and no command may go below zero."""
    if state is None:
        return _open(command, context)
    match command:
        case OpenEnvelope():
            return refuse_or_ignore(
                context, "already-opened", "This envelope has been opened before."
            )
        case ReviseEnvelope():
            return _revise(command, state)
        case BlockEnvelope():
            return _block(command, state)
        case UnblockEnvelope():
            return _unblock(command, state)
        case MakeAllotment():
            return _allot(command, given_facts(AllotmentFacts, facts), state)
        case ReturnAllotment():
            return _take_back(command, state)
        case _:
            assert_never(command)


def _open(command: EnvelopeCommand, context: Context) -> Sequence[EnvelopeEvent]:
    match command:
        case OpenEnvelope():
            opened = Envelope(programme=command.programme, scope=command.scope)
            return [
                EnvelopeOpened(
                    document_number=command.document_number,
                    **opened.balances(pagu=command.pagu_idr),
                )
            ]
        case _:
            return refuse_or_ignore(context, "not-opened", "Open this envelope first.")


def _revise(command: ReviseEnvelope, state: Envelope) -> Sequence[EnvelopeEvent]:
    if command.delta_idr == 0:
        raise Refused("nothing-revised", "A revision changes the pagu: give a delta other than 0.")
    if state.free_idr + command.delta_idr < 0:
        raise Refused("pagu-below-use", _shortage(state, -command.delta_idr))
    if state.pagu_idr + command.delta_idr > IDR_MAX:
        raise Refused("pagu-too-large", f"A pagu is at most {rupiah(IDR_MAX)}.")
    return [
        EnvelopeRevised(
            delta_idr=command.delta_idr,
            document_number=command.document_number,
            reason=command.reason,
            **state.balances(pagu=command.delta_idr),
        )
    ]


def _block(command: BlockEnvelope, state: Envelope) -> Sequence[EnvelopeEvent]:
    if command.amount_idr > state.free_idr:
        raise Refused("pagu-exceeded", _shortage(state, command.amount_idr))
    return [
        EnvelopeBlocked(
            amount_idr=command.amount_idr,
            reason=command.reason,
            **state.balances(blocked=command.amount_idr),
        )
    ]


def _unblock(command: UnblockEnvelope, state: Envelope) -> Sequence[EnvelopeEvent]:
    if command.amount_idr > state.blocked_idr:
        raise Refused(
            "block-exceeded",
            f"{rupiah(command.amount_idr)} were to be unblocked, "
            f"and only {rupiah(state.blocked_idr)} are blocked.",
        )
    return [
        EnvelopeUnblocked(
            amount_idr=command.amount_idr,
            reason=command.reason,
            **state.balances(blocked=-command.amount_idr),
        )
    ]


def _allot(
    command: MakeAllotment, exhibition: AllotmentFacts, state: Envelope
) -> Sequence[EnvelopeEvent]:
    if exhibition.programme != state.programme:
        raise Refused("another-programme", f"It belongs to programme {exhibition.programme}.")
    if exhibition.scope != state.scope:
        raise Refused("another-scope", f"The exhibition's scope is {exhibition.scope}.")
    if exhibition.cancelled:
        raise Refused("exhibition-cancelled", "A cancelled exhibition gets no money.")
    if command.amount_idr > state.free_idr:
        raise Refused("pagu-exceeded", _shortage(state, command.amount_idr))
    return [
        AllotmentMade(
            exhibition=command.exhibition,
            amount_idr=command.amount_idr,
            unit_cost_idr=command.unit_cost_idr,
            **state.balances(allotted=command.amount_idr),
        )
    ]


def _take_back(command: ReturnAllotment, state: Envelope) -> Sequence[EnvelopeEvent]:
    return [
        AllotmentReturned(
            exhibition=command.exhibition,
            amount_idr=command.amount_idr,
            **state.balances(allotted=-command.amount_idr),
        )
    ]


def _shortage(state: Envelope, asked_idr: int) -> str:
    return (
        f"{rupiah(asked_idr)} were asked for, and {rupiah(state.free_idr)} are free: "
        f"pagu {rupiah(state.pagu_idr)}, blocked {rupiah(state.blocked_idr)}, "
        f"allotted {rupiah(state.allotted_idr)}."
    )


envelope = Decider(
    kind="envelope",
    commands=EnvelopeCommand,
    state=Envelope | None,
    events=EnvelopeEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    indexes=("programme", "scope"),
)
