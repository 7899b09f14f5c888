"""Whatever comes in whatever order: seats never exceed places, and no reaction is ever refused."""

from datetime import date
from typing import get_args

from hypothesis import given, settings, strategies

from services.selection.domain.selection_round.decider import RoundCommand, selection_round
from services.selection.domain.selection_round.proposal import (
    ApproveSelection,
    ProposeSelection,
    ReturnSelection,
    SealedFacts,
)
from services.selection.domain.selection_round.scoring_phase import (
    AppointPanel,
    CloseScoring,
    EnteredFacts,
    ListCandidates,
    OpenRound,
)
from services.selection.domain.selection_round.seats import (
    CancelRound,
    ConfirmPlace,
    DecreeParticipants,
    LosePlace,
    OfferPlace,
    StrikeCandidate,
)
from services.selection.domain.selection_round.state import Round, SeatStatus, Status, evolve
from shared.contracts.words import Scope
from shared.kernel.decider import Origin, Refused
from tests.given import context
from tests.selection.examples import (
    APPROVER,
    EXHIBITION,
    OFFICER,
    PANEL,
    SCORES,
    A,
    B,
    C,
    D,
    E,
    Scored,
    sealed,
)

APPLICATIONS = (A, B, C, D, E)
PROGRAMME, SCOPE = "2018", Scope.OVERSEAS
OPEN_ROUND = OpenRound(
    programme=PROGRAMME,
    scope=SCOPE,
    places=2,
    rubric="kukm-2018-1",
    threshold=7_000,
    sheets_min=3,
    offer_hours=72,
)
PATH: tuple[RoundCommand, ...] = (
    OPEN_ROUND,
    AppointPanel(curators=PANEL),
    ListCandidates(applications=APPLICATIONS),
    CloseScoring(),
    ProposeSelection(),
    ApproveSelection(digest="0" * 64),
)
"""The straight path; the digest is replaced by the proposal's."""

some = strategies.sampled_from(APPLICATIONS)
about_one = strategies.one_of(
    strategies.builds(
        StrikeCandidate,
        programme=strategies.just(PROGRAMME),
        scope=strategies.just(SCOPE),
        application=some,
    ),
    strategies.builds(
        LosePlace,
        application=some,
        reason=strategies.sampled_from(["declined", "expired", "sanction", "other"]),
    ),
    strategies.builds(OfferPlace, application=some),
    strategies.builds(OfferPlace, application=some),
    strategies.builds(ConfirmPlace, application=some),
    strategies.builds(ConfirmPlace, application=some),
)
RARE: tuple[RoundCommand, ...] = (
    *PATH,
    ReturnSelection(reason="again"),
    DecreeParticipants(number="SK-7/2018", signed_on=date(2018, 2, 1)),
    CancelRound(programme=PROGRAMME, scope=SCOPE),
)
commands = strategies.one_of(about_one, about_one, about_one, strategies.sampled_from(RARE))
straight = strategies.integers(0, len(PATH)).map(lambda steps: list(PATH[:steps]))
sequences = strategies.tuples(straight, strategies.lists(commands, max_size=40)).map(
    lambda parts: [*parts[0], *parts[1]]
)


def facts_for(command: RoundCommand, state: Round | None) -> object:
    """What the route would load: all have entered, and the last closing has sealed all."""
    closing = state.closing if state else 0
    scores = [Scored(application=one, score=SCORES[one], closing=closing) for one in APPLICATIONS]
    match command:
        case CloseScoring():
            return EnteredFacts(entered=frozenset(APPLICATIONS))
        case ProposeSelection():
            return sealed(*scores) if closing else SealedFacts(candidates={})
        case _:
            return None


def asked(command: RoundCommand, state: Round | None) -> RoundCommand:
    """The command, with the digest that an approver would have read."""
    match command:
        case ApproveSelection() if state and state.proposal:
            return ApproveSelection(digest=state.proposal.digest)
        case _:
            return command


def origin_of(command: RoundCommand) -> Origin:
    """Who gives such a command: a person, or a reaction, which must never be refused."""
    match command:
        case OpenRound() | ListCandidates() | StrikeCandidate() | CancelRound():
            return Origin.REACTION
        case OfferPlace() | ConfirmPlace() | LosePlace(reason="declined" | "expired"):
            return Origin.REACTION
        case _:
            return Origin.PERSON


def stepped(state: Round | None, command: RoundCommand) -> Round | None:
    """The round after the command; every event of it keeps what must hold at every instant."""
    about = context(
        origin=origin_of(command),
        subject=EXHIBITION,
        actor=APPROVER if isinstance(command, ApproveSelection) else OFFICER,
        roles=frozenset({"approver"}),
    )
    command = asked(command, state)
    for event in selection_round.decide(command, facts_for(command, state), state, about):
        state = evolve(state, event)
        assert len(state.live) <= state.places
        assert not set(state.reserve) & set(state.seats)
        assert not set(state.reserve) & set(state.struck)
    return state


def check(state: Round) -> None:
    """What must hold between commands."""
    if state.status is Status.APPROVED:
        assert len(state.live) == state.places or not state.reserve
    if state.status is Status.DECREED:
        assert state.decree is not None
        assert set(state.decree.annex) == set(state.live)
        assert set(state.seats.values()) <= {SeatStatus.CONFIRMED, SeatStatus.LOST}
    if state.status is Status.CANCELLED:
        assert not state.live
        assert not state.reserve
    if state.status not in (Status.APPROVED, Status.DECREED, Status.CANCELLED):
        assert not state.seats


@settings(max_examples=300)
@given(sequences)
def test_what_must_hold_holds_after_every_command(sequence: list[RoundCommand]) -> None:
    state: Round | None = None
    for command in sequence:
        try:
            state = stepped(state, command)
        except Refused:
            assert origin_of(command) is Origin.PERSON
        if state is not None:
            check(state)


def test_the_sequences_know_every_command() -> None:
    drawn = {StrikeCandidate, LosePlace, OfferPlace, ConfirmPlace, *map(type, RARE)}
    assert drawn == set(get_args(RoundCommand))
