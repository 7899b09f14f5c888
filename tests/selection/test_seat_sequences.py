"""In every order of commands, seats never exceed places, and no reaction is refused."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import get_args

from hypothesis import given, settings, strategies

from services.selection.domain.selection_round.decider import RoundCommand, selection_round
from services.selection.domain.selection_round.decree import (
    DecreeParticipants,
    RecordAmendment,
)
from services.selection.domain.selection_round.fold import evolve
from services.selection.domain.selection_round.funds import FollowFunds
from services.selection.domain.selection_round.late_conflicts import DeclareLateConflict
from services.selection.domain.selection_round.objection_decisions import (
    DismissObjection,
    UpholdObjection,
)
from services.selection.domain.selection_round.objection_window import (
    CloseObjectionWindow,
    ExpireObjection,
)
from services.selection.domain.selection_round.objections import (
    FileObjection,
    ObjectionFacts,
    ReadObjectionFile,
    WithdrawObjection,
    file_objection,
)
from services.selection.domain.selection_round.officer_losses import (
    ApproveLoss,
    DeclineLoss,
    RequestLoss,
)
from services.selection.domain.selection_round.overrides import (
    OverrideFacts,
    RecordOverride,
    WithdrawOverride,
    record_override,
)
from services.selection.domain.selection_round.panel import (
    AppointPanel,
    PanelChoiceFacts,
    appoint_panel,
)
from services.selection.domain.selection_round.proposal import (
    ApproveSelection,
    ProposeSelection,
    ReturnSelection,
    approve_selection,
    propose_selection,
)
from services.selection.domain.selection_round.scoring_phase import (
    CloseScoring,
    ListCandidates,
    OpenRound,
    ScoringFacts,
    close_scoring,
)
from services.selection.domain.selection_round.seats import (
    CancelRound,
    ConfirmPlace,
    FreezeSeats,
    LosePlace,
    OfferPlace,
    RescheduleRound,
    StrikeCandidate,
)
from services.selection.domain.selection_round.state import Round, SeatStatus, Status
from shared.contracts.selection.approval import Authority, OverrideCode, OverrideEffect
from shared.contracts.selection.round import RoundEvent
from shared.contracts.selection.round_codes import LossCode, ReturnCode
from shared.contracts.words import Scope
from shared.kernel.decider import Context, Origin
from shared.kernel.errors import Problem
from tests.given import NOW, context
from tests.selection.disputing import check_disputes
from tests.selection.examples import (
    EXHIBITION,
    PANEL,
    A,
    B,
    C,
    D,
    E,
)
from tests.selection.objecting import GROUNDS, TERMS, dismissing, upholding
from tests.selection.round_facts import counted_sheets, ranking_facts
from tests.selection.senders import actor_of, with_digest

APPLICATIONS = (A, B, C, D, E)
PROGRAMME, SCOPE = "2018", Scope.OVERSEAS
SIGNED_ON = date(2018, 2, 1)
OPEN_ROUND = OpenRound(
    programme=PROGRAMME,
    scope=SCOPE,
    places=2,
    rubric="kukm-2018-1",
    threshold=7_000,
    sheets_min=3,
    offer_hours=72,
    starts_on=date(2018, 4, 4),
    ends_on=date(2018, 4, 7),
    objections=TERMS,
)
PATH: tuple[RoundCommand, ...] = (
    OPEN_ROUND,
    AppointPanel(curators=PANEL),
    ListCandidates(applications=APPLICATIONS),
    CloseScoring(),
    ProposeSelection(),
    ApproveSelection(digest="0" * 64),
)
"""The straight path to an approval; `with_digest` replaces the digests by those of the state."""

LATER = {CloseObjectionWindow: timedelta(days=4), ExpireObjection: timedelta(days=6)}
"""The time after `NOW` at which these are swept."""
FILED = {name: strategies.just(value) for name, value in GROUNDS.items()}

applications = strategies.sampled_from(APPLICATIONS)
seat_commands = strategies.one_of(
    strategies.builds(
        StrikeCandidate,
        programme=strategies.just(PROGRAMME),
        scope=strategies.just(SCOPE),
        application=applications,
    ),
    strategies.builds(
        LosePlace,
        application=applications,
        reason=strategies.sampled_from(["declined", "expired"]),
    ),
    strategies.builds(
        RequestLoss,
        application=applications,
        code=strategies.just(LossCode.SANCTION),
        reason=strategies.just("sanction"),
        number=strategies.sampled_from(["ND-1", "ND-2", "ND-3"]),
        signed_on=strategies.just(SIGNED_ON),
    ),
    strategies.builds(ApproveLoss, application=applications),
    strategies.builds(FileObjection, application=applications, **FILED),
    strategies.builds(FileObjection, application=applications, **FILED),
    applications.map(upholding),
    applications.map(dismissing),
    strategies.just(CloseObjectionWindow()),
    strategies.builds(ExpireObjection, application=applications),
    strategies.builds(OfferPlace, application=applications, releases=strategies.just(9)),
    strategies.builds(OfferPlace, application=applications, releases=strategies.just(9)),
    strategies.builds(ConfirmPlace, application=applications),
    strategies.builds(ConfirmPlace, application=applications),
)
RARE: tuple[RoundCommand, ...] = (
    *PATH,
    ReturnSelection(code=ReturnCode.OTHER, reason="again"),
    DecreeParticipants(number="SK-7/2018", signed_on=SIGNED_ON, annex_digest="0" * 64),
    RecordAmendment(number="SK-8/2018", signed_on=SIGNED_ON, annex_digest="0" * 64),
    *(WithdrawObjection(application=application) for application in APPLICATIONS[:3]),
    ReadObjectionFile(application=A, file="f-1"),
    *(DeclineLoss(application=application, reason="no") for application in APPLICATIONS[:2]),
    *(
        RecordOverride(
            application=application,
            effect=effect,
            code=OverrideCode.RULING,
            reason="ruled",
            authority=Authority.COURT,
            number="P-1/2018",
            signed_on=SIGNED_ON,
        )
        for application, effect in (
            (B, OverrideEffect.EXCLUDED),
            (E, OverrideEffect.ADMITTED),
        )
    ),
    WithdrawOverride(application=E, reason="mistaken"),
    DeclareLateConflict(application=A, reason="cousin"),
    FreezeSeats(programme=PROGRAMME, scope=SCOPE),
    RescheduleRound(starts_on=date(2018, 4, 11), ends_on=date(2018, 4, 14)),
    CancelRound(programme=PROGRAMME, scope=SCOPE),
    *(
        FollowFunds(programme=PROGRAMME, scope=SCOPE, ceiling_idr=places * 100, place_cost_idr=100)
        for places in (1, 2, 3)
    ),
)
commands = strategies.one_of(
    seat_commands, seat_commands, seat_commands, strategies.sampled_from(RARE)
)
straight = strategies.integers(0, len(PATH)).map(lambda steps: list(PATH[:steps]))
sequences = strategies.tuples(straight, strategies.lists(commands, max_size=40)).map(
    lambda parts: [*parts[0], *parts[1]]
)


def decided(command: RoundCommand, state: Round | None, context: Context) -> Sequence[RoundEvent]:
    """Decide with the facts that the route would load.

    All candidates have entered, and the last closing has sealed all of them.
    """
    match command:
        case CloseScoring():
            entered = ScoringFacts(
                candidates={id: counted_sheets(id, state) for id in APPLICATIONS}
            )
            return close_scoring(command, entered, state, context)
        case ProposeSelection():
            return propose_selection(command, ranking_facts(state), state, context)
        case ApproveSelection():
            return approve_selection(command, ranking_facts(state), state, context)
        case FileObjection():
            return file_objection(command, ObjectionFacts(counts_for=()), state, context)
        case RecordOverride():
            return record_override(command, OverrideFacts(), state, context)
        case AppointPanel():
            return appoint_panel(command, PanelChoiceFacts(), state, context)
        case _:
            return selection_round.decide(command, state, context)


def origin_of(command: RoundCommand) -> Origin:
    """Return the origin of such a command; a reaction must never be refused."""
    match command:
        case OpenRound() | ListCandidates() | StrikeCandidate() | CancelRound():
            return Origin.REACTION
        case FollowFunds() | OfferPlace() | ConfirmPlace() | LosePlace():
            return Origin.REACTION
        case FreezeSeats() | RescheduleRound():
            return Origin.REACTION
        case CloseObjectionWindow() | ExpireObjection():
            return Origin.SWEEP
        case _:
            return Origin.PERSON


def stepped(state: Round | None, command: RoundCommand) -> Round | None:
    """Return the round after the command; check what must hold after every event."""
    about = context(
        origin=origin_of(command),
        subject=EXHIBITION,
        actor=actor_of(command),
        roles=frozenset({"approver"}),
        now=NOW + LATER.get(type(command), timedelta()),
    )
    for event in decided(with_digest(command, state), state, about):
        state = evolve(state, event)
        assert len(state.live) <= state.places
        assert not set(state.reserve) & set(state.seats)
        assert not set(state.reserve) & set(state.struck)
    return state


def check(state: Round) -> None:
    """Check what must hold between commands."""
    if state.status is Status.APPROVED and not state.frozen:
        assert len(state.live) >= state.places_with_money or not state.reserve
    check_disputes(state)
    if state.status is Status.DECREED:
        assert not state.disputed
        assert state.decree is not None
        assert set(state.decree.annex) == set(state.live)
        documented = {id for item in state.decree.amendments for id in item.without}
        assert not documented & set(state.decree.undocumented)
        assert set(state.seats.values()) <= {SeatStatus.CONFIRMED, SeatStatus.LOST}
    if state.status is Status.CANCELLED:
        assert not state.live
        assert not state.reserve
    if state.status not in (Status.APPROVED, Status.DECREED, Status.CANCELLED):
        assert not state.seats


@settings(max_examples=300)
@given(sequences)
def test_the_invariants_hold_after_every_command(sequence: list[RoundCommand]) -> None:
    state: Round | None = None
    for command in sequence:
        try:
            state = stepped(state, command)
        except Problem:
            assert origin_of(command) is Origin.PERSON
        if state is not None:
            check(state)


def test_the_sequences_contain_every_command() -> None:
    often = {StrikeCandidate, LosePlace, OfferPlace, ConfirmPlace, RequestLoss, ApproveLoss}
    often |= {FileObjection, UpholdObjection, DismissObjection}
    often |= {CloseObjectionWindow, ExpireObjection}
    drawn = often | set(map(type, RARE))
    assert drawn == set(get_args(RoundCommand))
