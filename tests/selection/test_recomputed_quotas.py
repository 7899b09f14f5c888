"""A selection under quotas, too, can be computed again from history, with each reason."""

import json
from hashlib import sha256

from hypothesis import given, strategies

from services.selection.domain.choosing.choice import codes_of
from services.selection.domain.selection_round.state import Round
from shared.contracts.registration.quota import FirstTimerGroup, ProvinceGroup, Quota
from shared.contracts.selection.candidate import CandidateEntered
from shared.contracts.selection.ranking import RankingMade
from shared.contracts.selection.round import RoundOpened, SelectionApproved
from tests.selection.examples import EXHIBITION, TERMS, province
from tests.selection.test_recomputation import Levels, approved, candidates, recomputed, scored

bounds = strategies.sampled_from([(0, 1), (1, None), (1, 1), (2, None), (2, 2)])


@given(candidates, bounds, bounds)
def test_a_selection_under_quotas_recomputes_from_history(
    drawn: dict[str, tuple[str, bool, list[Levels]]],
    newcomers: tuple[int, int | None],
    jakarta: tuple[int, int | None],
) -> None:
    group = ProvinceGroup(form="provinces", provinces=(province("31"),))
    quotas = (
        Quota(
            code="pemula",
            group=FirstTimerGroup(form="first-timers"),
            minimum=newcomers[0],
            maximum=newcomers[1],
        ),
        Quota(code="dki", group=group, minimum=jakarta[0], maximum=jakarta[1]),
    )
    histories = {f"{EXHIBITION}.{name}": scored(name, *drawn[name]) for name in sorted(drawn)}
    ranked_once, decided = approved(histories, quotas=quotas)
    published = decided.last(SelectionApproved)
    text = recomputed(decided.last(RoundOpened), histories)
    assert sha256(text).hexdigest() == ranked_once.last(RankingMade).digest
    lists = json.loads(text)
    assert published.selected == tuple(id for id, _ in lists["selected"])
    assert published.reserve == tuple(id for id, _ in lists["reserve"])
    state: Round = decided.state
    for id, history in histories.items():
        codes = codes_of(quotas, history.last(CandidateEntered).applicant)
        listed = id in (*published.selected, *published.reserve)
        assert state.codes_of(id) == (codes if listed else ())
    # Each reserve above the last of the selected was stopped by a quota, and no other reserve was.
    scores = ranked_once.state.score_of()
    stopped = {
        published.reserve[number - 1] for each in published.passed_over for number in each.numbers
    }
    order = [id for id in scores if id in (*published.selected, *published.reserve)]
    last = max((order.index(id) for id in published.selected), default=-1)
    full = len(published.selected) == TERMS.places
    above = {id for id in published.reserve if not full or order.index(id) < last}
    assert stopped == above
