"""The panel of a round (tim kurator): its curators, the sectors that they know, their capacity.

A panel only grows, because an assignment relies on it and is decided by another aggregate, the
candidate. What is said of its curators (`profiles`) is used by the automatic assignment only. Their
`relations` bar them from candidates; those of a curator stay until they are given again. A wrong
number is corrected by giving it again: `domain.candidate.conflicts` says until when.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from services.selection.domain.selection_round.interests import require_no_interest
from services.selection.domain.selection_round.state import Round, Status
from shared.contracts.selection.candidate import Curator
from shared.contracts.selection.curator import CuratorProfile, CuratorRelations
from shared.contracts.selection.round import PanelAppointed, RoundEvent
from shared.kernel.decider import Context, Refused, absent, refuse_or_ignore
from shared.kernel.four_eyes import require_no_contender

PANEL_MAX = 200
NOT_OPEN = "round-not-open"

# Commands


@dataclass(frozen=True, kw_only=True)
class AppointPanel:
    """Appoint the whole panel, with the keyed hashes of the relations of some of its curators.

    `panel_form` has the form of it that a person sends.
    """

    curators: Annotated[tuple[Curator, ...], Field(min_length=1, max_length=PANEL_MAX)]
    profiles: Annotated[tuple[CuratorProfile, ...], Field(max_length=PANEL_MAX)] = ()
    relations: Annotated[tuple[CuratorRelations, ...], Field(max_length=PANEL_MAX)] = ()


@dataclass(frozen=True, kw_only=True)
class PanelChoiceFacts:
    """`contender`: the enterprise of the caller's token, if it has entered a candidate here."""

    contender: str | None = None


# Rules


def appoint_panel(
    command: AppointPanel, facts: PanelChoiceFacts, state: Round | None, context: Context
) -> Sequence[RoundEvent]:
    """Appoint the panel, as a person of no enterprise that is to be scored by it."""
    if state is None:
        return absent(context, "round", yet=True)
    if state.status is not Status.OPEN:
        return refuse_unless_open(state, context)
    # The panel is often appointed before the candidates are listed: the facts know who has entered.
    require_no_contender(facts.contender, context)
    require_no_interest(state.conflicts, state, context)
    _check_members(command, state)
    relations = _merged(state.relations, command.relations)
    if (frozenset(command.curators), command.profiles, relations) == (
        frozenset(state.panel),
        state.profiles,
        state.relations,
    ):
        return []
    return [
        PanelAppointed(
            size=len(command.curators),
            curators=command.curators,
            profiles=command.profiles,
            relations=relations,
            **state.round_fields,
        )
    ]


def refuse_unless_open(state: Round, context: Context) -> Sequence[RoundEvent]:
    """Refuse a person's command on a round whose scoring is not open; ignore another's."""
    return refuse_or_ignore(context, NOT_OPEN, _not_open(state))


def require_open(state: Round) -> None:
    """Refuse a person while the scoring of a round is not open."""
    if state.status is not Status.OPEN:
        raise Refused(NOT_OPEN, _not_open(state))


def _merged(
    before: tuple[CuratorRelations, ...], given: tuple[CuratorRelations, ...]
) -> tuple[CuratorRelations, ...]:
    relations = {each.curator: each for each in (*before, *given)}
    return tuple(relations[curator] for curator in sorted(relations))


def _not_open(state: Round) -> str:
    return f"The round is {state.status}: you can do this only while it is {Status.OPEN}."


def _check_members(command: AppointPanel, state: Round) -> None:
    members = frozenset(command.curators)
    described = [profile.curator for profile in command.profiles]
    if len(members) < len(command.curators) or len(set(described)) < len(described):
        raise Refused("curator-repeated", "A curator is named twice: name each curator once.")
    strangers = [curator for curator in described if curator not in members]
    if strangers:
        raise Refused(
            "not-on-panel",
            f"There is a profile of {', '.join(strangers)}, who is not among the curators: add "
            "them, or remove the profile.",
        )
    if len(members) < state.sheets_min:
        raise Refused(
            "panel-too-small",
            f"Each candidate needs {state.sheets_min} score sheets: "
            f"appoint at least {state.sheets_min} curators.",
        )
    dropped = [curator for curator in state.panel if curator not in members]
    if dropped:
        raise Refused(
            "curator-dropped", f"Panel members cannot be removed: include {', '.join(dropped)}."
        )
