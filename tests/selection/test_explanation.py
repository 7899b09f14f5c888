"""An applicant learns why, and which score would have been enough: exactly that one."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from services.selection.domain.ranking.explanation import SCORE_MAX, Trace, Verdict, trace_of
from services.selection.domain.ranking.order import Standing, Terms
from services.selection.responses.explanation_sentences import Basis, because
from shared.contracts.registration.quota import (
    Bound,
    CooperativeGroup,
    FirstTimerGroup,
    Quota,
    QuotaStop,
)
from shared.contracts.words import Sentence
from tests.selection.choices import ranked, ranking_of
from tests.selection.examples import EXHIBITION, A, B, C, D
from tests.selection.secretariat import Secretariat, candidate
from tests.selection.test_api import SCORES
from tests.selection.test_order import standing
from tests.serving import code

TERMS = Terms(rubric="r", threshold=7_000, places=2)
FIELD = (standing("a", 9_000), standing("b", 8_000), standing("c", 7_500), standing("d", 6_000))


def selected(field: tuple[Standing, ...], terms: Terms, application: str, score: int) -> bool:
    """Return True if this candidate is selected with this score, all others as they are."""
    changed = [
        replace(each, score=score) if each.application == application else each for each in field
    ]
    return application in {each.application for each in ranked(changed, terms).selected}


def traced(application: str, field: tuple[Standing, ...], terms: Terms) -> Trace:
    return trace_of(application, field, ranking_of(field, terms))


def test_a_trace_has_rank_place_and_verdict() -> None:
    first, third, last = (traced(id, FIELD, TERMS) for id in (A, C, D))
    assert (first.verdict, first.rank, first.sufficient_score) == (Verdict.SELECTED, 1, None)
    assert (third.verdict, third.rank, third.reserve_place) == (Verdict.RESERVE, 3, 1)
    assert (last.verdict, last.rank, last.passed) == (Verdict.BELOW_THRESHOLD, None, 3)


def test_the_sufficient_score_is_enough_and_a_little_less_is_not() -> None:
    for id in (C, D):
        score = traced(id, FIELD, TERMS).sufficient_score
        assert score is not None
        assert selected(FIELD, TERMS, id, score)
        assert not selected(FIELD, TERMS, id, score - 1)


def test_no_score_makes_up_for_a_gate() -> None:
    stopped = replace(standing("e", 9_900), not_passed=("own",))
    trace = traced(stopped.application, (*FIELD, stopped), TERMS)
    assert (trace.verdict, trace.sufficient_score) == (Verdict.GATE_NOT_PASSED, None)


def test_a_quota_is_named_and_no_score_passes_a_maximum_of_none() -> None:
    terms = replace(
        TERMS,
        quotas=(Quota(code="koperasi", group=CooperativeGroup(form="cooperatives"), maximum=1),),
    )
    field = (
        replace(FIELD[0], counts_for=("koperasi",)),
        replace(FIELD[1], counts_for=("koperasi",)),
        *FIELD[2:],
    )
    second = traced(B, field, terms)
    assert (second.verdict, second.rank) == (Verdict.RESERVE, 2)
    assert second.stop == QuotaStop(quota="koperasi", bound=Bound.MAXIMUM)
    assert second.sufficient_score == 9_001, (
        "above the other cooperative, or equal by the tie-break"
    )


QUOTAS = (
    Quota(code="koperasi", group=CooperativeGroup(form="cooperatives"), maximum=1),
    Quota(code="pemula", group=FirstTimerGroup(form="first-timers"), minimum=2),
)


@st.composite
def fields(draw: st.DrawFn) -> tuple[Standing, ...]:
    return tuple(
        replace(
            standing(
                name,
                draw(st.integers(68, 75)) * 100,
                first=draw(st.booleans()),
                code=draw(st.sampled_from(["31", "32", "33"])),
                hour=draw(st.integers(0, 3)),
            ),
            counts_for=draw(
                st.sampled_from([(), ("koperasi",), ("pemula",), ("koperasi", "pemula")])
            ),
        )
        for name in "abcdefg"[: draw(st.integers(1, 7))]
    )


@given(fields(), st.integers(1, 4), st.booleans())
@settings(deadline=None)
def test_the_least_sufficient_score_is_found_among_all(
    field: tuple[Standing, ...], places: int, under_quotas: bool
) -> None:
    terms = Terms(rubric="r", threshold=7_000, places=places, quotas=QUOTAS if under_quotas else ())
    if not under_quotas:
        field = tuple(replace(each, counts_for=()) for each in field)
    for own in field:
        trace = traced(own.application, field, terms)
        if trace.verdict is Verdict.SELECTED:
            continue
        # Scores are whole points, so one hundredth above and at each point are all that differ.
        tried = sorted({own.score + 1, *(s for n in range(68, 77) for s in (n * 100, n * 100 + 1))})
        enough = [
            score
            for score in tried
            if score > own.score and selected(field, terms, own.application, score)
        ]
        assert trace.sufficient_score == (enough[0] if enough else None)
        for score in (SCORE_MAX, *enough):
            assert selected(field, terms, own.application, score) is bool(enough)


def test_a_gate_is_named_and_a_calibrated_score_is_said_to_be_one() -> None:
    gate = Sentence(id="Produk dibuat sendiri", en="The product is its own")
    basis = Basis(threshold=7_000, places=2, is_calibrated=True, gates=(gate,))
    stopped = replace(standing("e", 9_900), not_passed=("own",))
    words = because(traced(stopped.application, (*FIELD, stopped), TERMS), basis)
    assert (gate.id in words.id, gate.en in words.en) == (True, True)
    below = because(traced(D, FIELD, TERMS), basis)
    assert "Your score is 60.00 as calibrated" in below.en
    assert "Nilai Anda 60,00 setelah dikalibrasi" in below.id
    raw = because(traced(D, FIELD, TERMS), replace(basis, is_calibrated=False))
    assert raw.en == "Your score is 60.00, below the threshold of 70.00."


async def explained(secretariat: Secretariat, enterprise: str) -> dict[str, object]:
    path = f"{candidate(enterprise)}/explanation"
    answer = await secretariat.reads(path, "enterprise", enterprise=enterprise)
    assert answer.is_success, answer.text
    body: dict[str, object] = answer.json()
    return body


async def test_an_applicant_reads_its_own_explanation_once_it_is_approved(
    secretariat: Secretariat,
) -> None:
    digest = await secretariat.proposed(SCORES)
    path = f"{candidate('c')}/explanation"
    early = await secretariat.reads(path, "enterprise", enterprise="c")
    assert code(early) == (403, "not-approved-yet")
    await secretariat.done(f"/rounds/{EXHIBITION}/approval", {"digest": digest}, role="approver")
    rival = await secretariat.reads(path, "enterprise", enterprise="a")
    assert code(rival) == (403, "another-enterprise")
    third = await explained(secretariat, "c")
    assert (third["verdict"], third["score"], third["rank"]) == ("RESERVE", 8_000, 3)
    assert (third["reserve_place"], third["sufficient_score"], third["seat"]) == (1, 8_001, None)
    assert third["because"] == {
        "id": "Nilai Anda 80,00 dan mencapai ambang batas 70,00. Saat disetujui, tempat yang "
        "tersedia (2) sudah terisi, dan Anda nomor 1 di daftar cadangan.",
        "en": "Your score is 80.00 and reaches the threshold of 70.00. At the approval the places "
        "(2) were taken, and you were number 1 on the reserve list.",
    }
    criteria = third["criteria"]
    assert isinstance(criteria, list)
    assert [row["levels"] for row in criteria] == [[4, 4, 4]] * 7
    assert "curator" not in str(third), "no level tells who gave it"
    last = await explained(secretariat, "d")
    assert (last["verdict"], last["rank"]) == ("BELOW_THRESHOLD", None)
    first = await explained(secretariat, "b")
    assert (first["verdict"], first["seat"], first["sufficient"]) == ("SELECTED", "WAITING", None)
    for role in ("selection-officer", "approver", "auditor"):
        assert (await secretariat.shows(path, role))["verdict"] == "RESERVE"
    rival = await secretariat.reads(path, "selection-officer", enterprise="a")
    assert code(rival) == (403, "own-enterprise"), "it speaks for a rival"
    assert code(await secretariat.reads(path, "curator")) == (403, "role-missing")
    nothing = await secretariat.reads(f"{candidate('z')}/explanation", "enterprise", enterprise="z")
    assert code(nothing) == (404, "not-found")
