"""The recapitulation of scores: its words, who reads it, and the check of its paper."""

from dataclasses import replace
from datetime import UTC, date, datetime

import httpx

from services.selection.domain.ranking.order import Terms
from services.selection.domain.ranking.state import Ranking
from services.selection.domain.selection_round.judgement import Proposal
from services.selection.domain.selection_round.objection import (
    Decision,
    Objection,
    ObjectionStatus,
)
from services.selection.domain.selection_round.state import Round, Status
from services.selection.responses.recapitulation import (
    recapitulation,
    recapitulation_check,
    recapitulation_page,
)
from shared.contracts.printed_document import PrintedDocument
from shared.contracts.registration.exhibition import ExhibitionPlanned
from shared.contracts.registration.quota import FirstTimerGroup, Quota
from shared.contracts.selection.approval import Authority, Override, OverrideCode, OverrideEffect
from shared.contracts.selection.choice import Funds
from shared.contracts.selection.ranking import NotPassed
from shared.contracts.selection.round_codes import ObjectionGround
from shared.contracts.selection.round_seats import SignedDocument
from shared.contracts.words import Scope
from tests.printing.examples import words_of
from tests.selection.examples import ANI, DEWI, EXHIBITION, PANEL
from tests.selection.secretariat import ROUND, Secretariat, candidate
from tests.selection.test_api import SCORES
from tests.serving import code

RANKED = Ranking(
    exhibition=EXHIBITION,
    closing=1,
    method="2018-1",
    terms=Terms(rubric="kukm-2018-1", threshold=7_000, places=1),
    digest="ab" * 32,
    order=("b", "a", "c", "d"),
    scores=(10_000, 8_000, 9_000, 6_005),
    passed=2,
    chosen=(1,),
    not_passed=(NotPassed(gate="halal", numbers=(3,)),),
    scored_by=(ANI,),
    conflicts=(),
)
PROPOSAL = Proposal(
    ranking=f"{EXHIBITION}.1-4",
    digest=RANKED.digest,
    scored_by=(ANI,),
    proposed_by="officer",
    conflicts=(),
)
APPROVED = Round(
    exhibition=EXHIBITION,
    programme="2018",
    scope=Scope.OVERSEAS,
    status=Status.APPROVED,
    proposal=PROPOSAL,
    approved_on=date(2018, 2, 1),
)
RECAPITULATION = f"{ROUND}/recapitulation"
PLANNED = ExhibitionPlanned(
    exhibition=EXHIBITION,
    programme="2018",
    scope=Scope.OVERSEAS,
    name="Malaysia International Halal Showcase 2018",
    venue="MITEC",
    starts_on=date(2018, 4, 4),
    ends_on=date(2018, 4, 7),
    places=2,
)
NAME = PLANNED.name
OVERRIDE = Override(
    application=f"{EXHIBITION}.a",
    effect=OverrideEffect.EXCLUDED,
    code=OverrideCode.RULING,
    authority=Authority.COURT,
    document=SignedDocument(number="PTUN-3/2018", signed_on=date(2018, 1, 30)),
)
QUOTA = Quota(code="pemula", group=FirstTimerGroup(form="first-timers"), minimum=2)
UPHELD = Objection(
    application=f"{EXHIBITION}.c",
    status=ObjectionStatus.UPHELD,
    ground=ObjectionGround.SCORE,
    words="as Ibu Rahasia wrote",
    files=(),
    filed_by="c",
    decide_by=datetime(2018, 2, 9, tzinfo=UTC),
    decision=Decision(
        code="gate",
        number="S-4/2018",
        signed_on=date(2018, 2, 7),
        answer="secret words",
        decided_by="judge",
    ),
)


def words_about(state: Round = APPROVED, ranking: Ranking = RANKED) -> PrintedDocument:
    """Return the words of the recapitulation."""
    return recapitulation(state, PROPOSAL, ranking, NAME)


def rows(words: PrintedDocument, heading: str = "Calon menurut peringkat") -> list[tuple[str, ...]]:
    """Return the rows of the table under this heading."""
    (table,) = (each.table for each in words.sections if each.heading == heading)
    assert table is not None
    return list(table.rows)


def test_every_candidate_stands_in_order_of_rank_with_score_gates_and_result() -> None:
    assert rows(words_about()) == [
        ("1", "b", "100,00", "dipenuhi", "Terpilih"),
        ("2", "a", "80,00", "dipenuhi", "Cadangan 1"),
        ("3", "c", "90,00", "tidak: halal", "Tidak terpilih"),
        ("4", "d", "60,05", "dipenuhi", "Tidak terpilih"),
    ]


def test_a_calibrated_score_stands_beside_the_raw_one() -> None:
    calibrated = replace(
        RANKED, raw=(9_900, 8_000, 9_000, 6_005), calibrated=(10_000, 8_001, 9_002, 6_003)
    )
    words = words_about(ranking=calibrated)
    assert rows(words)[0] == ("1", "b", "99,00", "100,00", "dipenuhi", "Terpilih")
    table = words.sections[-1].table
    assert table is not None
    assert [column.heading for column in table.columns][2:4] == ["Mentah", "Terkalibrasi"]


def test_curators_are_counted_and_never_named() -> None:
    words = words_about()
    assert ANI not in words.model_dump_json()
    assert {each.label: each.value for each in words.sections[0].facts}["Kurator yang menilai"] == (
        "1 orang"
    )
    assert (words.number, words.issued_on) == (PROPOSAL.ranking, APPROVED.approved_on)


def test_the_exhibition_has_its_name_and_the_money_its_places() -> None:
    words = words_about()
    facts = {each.label: each.value for each in words.sections[0].facts}
    assert (words.about, facts["Pameran"], facts["Kode pameran"]) == (NAME, NAME, EXHIBITION)
    assert facts["Anggaran"] == "tidak membatasi: belum dialokasikan"
    assert facts["Sidik hasil kurasi"] == " ".join(["abababab"] * 8)
    funds = Funds(ceiling_idr=150, place_cost_idr=100)
    paid = replace(RANKED, terms=replace(RANKED.terms, funds=funds, places=3))
    paid_facts = {each.label: each.value for each in words_about(ranking=paid).sections[0].facts}
    assert paid_facts["Tempat yang dibiayai"] == "1 dari 3"


def test_quotas_count_who_is_selected_and_what_they_miss() -> None:
    terms = replace(RANKED.terms, quotas=(QUOTA,))
    counted = replace(RANKED, terms=terms, groups=(("pemula",), ()), group_of=(0, 0, 1, 0))
    assert rows(words_about(ranking=counted), "Kuota") == [
        ("pemula", "belum pernah difasilitasi", "2", "-", "1", "1")
    ]


def test_overrides_are_always_shown() -> None:
    heading = "Keputusan khusus pejabat yang berwenang"
    assert rows(words_about(), heading) == []
    overridden = replace(RANKED, terms=replace(RANKED.terms, overrides=(OVERRIDE,)))
    assert rows(words_about(ranking=overridden), heading) == [
        (
            "a",
            "dikeluarkan dari kurasi",
            "Pengadilan",
            "putusan",
            "PTUN-3/2018, 30 Januari 2018",
        )
    ]
    found = recapitulation_check(APPROVED, PROPOSAL, overridden, NAME)
    assert found.overrides == 1


def test_an_objection_that_was_upheld_since_is_shown_without_its_words() -> None:
    since = replace(APPROVED, objections=(UPHELD,))
    words = words_about(since)
    heading = "Sanggahan yang dikabulkan sesudah persetujuan"
    assert rows(words, heading) == [("c", "syarat kurasi", "S-4/2018, 7 Februari 2018")]
    assert all(hidden not in str(words) for hidden in ("Rahasia", "secret", "judge"))
    assert heading not in {each.heading for each in words_about().sections}
    found = recapitulation_check(since, PROPOSAL, RANKED, NAME)
    assert found.objections_upheld == 1
    assert "ada sanggahan yang dikabulkan" in recapitulation_page(found)
    dismissed = replace(UPHELD, status=ObjectionStatus.DISMISSED)
    without = recapitulation_check(
        replace(APPROVED, objections=(dismissed,)), PROPOSAL, RANKED, NAME
    )
    assert "ada sanggahan yang dikabulkan" not in recapitulation_page(without)


def test_the_check_of_a_cancelled_exhibition_says_so() -> None:
    cancelled = replace(APPROVED, status=Status.CANCELLED)
    found = recapitulation_check(cancelled, PROPOSAL, RANKED, NAME)
    assert found.cancelled
    assert "dibatalkan" in recapitulation_page(found)
    assert "dibatalkan" not in recapitulation_page(replace(found, cancelled=False))


async def check(secretariat: Secretariat, digest: str, accept: str = "*/*") -> httpx.Response:
    """Check a digest as anybody, without a token."""
    path = f"{ROUND}/recapitulation-checks/{digest}"
    return await secretariat.api.client.get(path, headers={"accept": accept})


async def test_an_approved_selection_is_printed_and_checked_by_anybody(
    secretariat: Secretariat,
) -> None:
    await secretariat.receives(EXHIBITION, PLANNED)
    await secretariat.approved(SCORES)
    printed = await secretariat.reads(RECAPITULATION, "auditor")
    assert printed.headers["content-type"] == "application/pdf"
    assert printed.content == (await secretariat.reads(RECAPITULATION, "approver")).content
    (words,) = words_of(printed.content)
    assert f"REKAPITULASI NILAI {NAME}" in words
    assert "1 b 100,00 dipenuhi Terpilih" in words
    assert "2 a 80,00 dipenuhi Terpilih" in words
    assert "3 c 80,00 dipenuhi Cadangan 1" in words
    assert "4 d 60,00 dipenuhi Tidak terpilih" in words
    digest = (await secretariat.shows(f"{ROUND}/proposal", "auditor"))["digest"]
    assert "\u200b" not in words
    assert digest in words.replace(" ", "")
    answer = (await check(secretariat, digest)).json()
    assert (answer["candidates"], answer["selected"], answer["reserve"]) == (4, 2, 1)
    assert (answer["exhibition"], answer["exhibition_name"]) == (EXHIBITION, NAME)
    assert (answer["overrides"], answer["objections_upheld"], answer["cancelled"]) == (0, 0, False)
    page = await check(secretariat, digest, "text/html")
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert "100,00" not in page.text
    assert code(await check(secretariat, "0" * 64)) == (404, "not-found")
    assert (await check(secretariat, "0" * 64, "text/html")).status_code == 404
    mistyped = await check(secretariat, digest[1:], "text/html")
    assert (mistyped.status_code, "salah ketik" in mistyped.text) == (404, True)
    assert code(await check(secretariat, digest[1:])) == (404, "not-found")
    assert (await check(secretariat, digest.upper())).json() == answer


async def test_scores_are_printed_after_the_approval_only(secretariat: Secretariat) -> None:
    await secretariat.proposed(SCORES)
    for role in ("selection-officer", "approver", "auditor"):
        early = await secretariat.reads(RECAPITULATION, role)
        assert code(early) == (403, "not-approved-yet")
    digest = (await secretariat.shows(f"{ROUND}/proposal", "approver"))["digest"]
    assert code(await check(secretariat, digest)) == (404, "not-found")
    for role in ("curator", "programme-officer", "enterprise", "ministry-system"):
        assert code(await secretariat.reads(RECAPITULATION, role)) == (403, "role-missing")


async def test_who_has_an_interest_does_not_read_the_scores(secretariat: Secretariat) -> None:
    await secretariat.opened("a", "b")
    await secretariat.done(f"{ROUND}/panel", {"curators": [*PANEL, DEWI]})
    conflict = {"reason": "my sister's workshop"}
    await secretariat.done(f"{candidate('a')}/conflicts", conflict, role="curator", actor=DEWI)
    for enterprise in ("a", "b"):
        await secretariat.scored(enterprise, 4)
    await secretariat.done(f"{ROUND}/scoring-closure", {})
    await secretariat.settles()
    await secretariat.done(f"{ROUND}/proposal", {})
    digest = {"digest": (await secretariat.shows(f"{ROUND}/proposal", "approver"))["digest"]}
    await secretariat.done(f"{ROUND}/approval", digest, role="approver")
    conflicted = await secretariat.reads(RECAPITULATION, "auditor", actor=DEWI)
    assert code(conflicted) == (403, "conflict-declared")
    rival = await secretariat.reads(RECAPITULATION, "auditor", actor="wati", enterprise="a")
    assert code(rival) == (403, "own-enterprise")
