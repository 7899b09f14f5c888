"""The recapitulation of scores: its words, who reads it, and the check of its paper."""

from dataclasses import replace
from datetime import date

import httpx

from services.selection.domain.ranking.order import Terms
from services.selection.domain.ranking.state import Ranking
from services.selection.domain.selection_round.judgement import Proposal
from services.selection.domain.selection_round.state import Round, Status
from services.selection.responses.recapitulation import (
    recapitulation,
    recapitulation_check,
    recapitulation_page,
)
from shared.contracts.registration.quota import FirstTimerGroup, Quota, Shortfall
from shared.contracts.selection.choice import Funds
from shared.contracts.selection.ranking import NotPassed
from shared.contracts.words import Scope
from tests.printing.examples import words_of
from tests.selection.examples import ANI, DEWI, EXHIBITION, PANEL
from tests.selection.secretariat import ROUND, Secretariat, candidate
from tests.selection.test_api import SCORES
from tests.selection.test_approvals import OVERRIDE
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


def rows(ranking: Ranking) -> list[tuple[str, ...]]:
    """Return the rows of the table of candidates."""
    table = recapitulation(APPROVED, PROPOSAL, ranking).sections[1].table
    assert table is not None
    return list(table.rows)


def test_every_candidate_stands_in_order_of_rank_with_score_gates_and_result() -> None:
    assert rows(RANKED) == [
        ("1", "b", "100,00", "dipenuhi", "Terpilih"),
        ("2", "a", "80,00", "dipenuhi", "Cadangan 1"),
        ("3", "c", "90,00", "tidak: halal", "Tidak terpilih"),
        ("4", "d", "60,05", "dipenuhi", "Tidak terpilih"),
    ]


def test_a_calibrated_score_stands_beside_the_raw_one() -> None:
    calibrated = replace(
        RANKED, raw=(9_900, 8_000, 9_000, 6_005), calibrated=(10_000, 8_001, 9_002, 6_003)
    )
    assert rows(calibrated)[0] == ("1", "b", "99,00", "100,00", "dipenuhi", "Terpilih")
    words = recapitulation(APPROVED, PROPOSAL, calibrated)
    table = words.sections[1].table
    assert table is not None
    assert [column.heading for column in table.columns][2:4] == ["Mentah", "Terkalibrasi"]


def test_quotas_money_and_overrides_are_shown() -> None:
    firsts = Quota(code="pemula", group=FirstTimerGroup(form="first-timers"), minimum=2)
    terms = replace(
        RANKED.terms,
        quotas=(firsts,),
        funds=Funds(ceiling_idr=60_000_000, place_cost_idr=50_000_000),
        overrides=(OVERRIDE,),
    )
    short = (Shortfall(quota="pemula", places=1),)
    under = replace(
        RANKED, terms=terms, shortfalls=short, groups=(("pemula",), ()), group_of=(0, 1, 0, 0)
    )
    words = recapitulation(APPROVED, PROPOSAL, under)
    facts = {each.label: each.value for each in words.sections[0].facts}
    assert facts["Anggaran"] == "Rp 60.000.000"
    assert facts["Biaya setiap tempat"] == "Rp 50.000.000; cukup untuk 1 tempat"
    tables = {each.heading: each.table.rows for each in words.sections if each.table}
    assert tables["Kuota"] == (("pemula", "2", "-", "1", "1"),)
    (row,) = tables["Keputusan khusus pejabat yang berwenang"]
    assert row == (
        "e",
        "diberi tempat",
        "Pengadilan: putusan",
        "P-1/2018 tanggal 31 Januari 2018",
    )
    plain = recapitulation(APPROVED, PROPOSAL, RANKED)
    assert {each.heading for each in plain.sections if each.table} == {"Calon menurut peringkat"}


def test_curators_are_counted_and_never_named() -> None:
    words = recapitulation(APPROVED, PROPOSAL, RANKED)
    assert ANI not in words.model_dump_json()
    assert {each.label: each.value for each in words.sections[0].facts}["Kurator yang menilai"] == (
        "1 orang"
    )
    assert (words.number, words.issued_on) == (PROPOSAL.ranking, APPROVED.approved_on)


def test_the_check_of_a_cancelled_exhibition_says_so() -> None:
    found = recapitulation_check(replace(APPROVED, status=Status.CANCELLED), PROPOSAL, RANKED)
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
    await secretariat.approved(SCORES)
    printed = await secretariat.reads(RECAPITULATION, "auditor")
    assert printed.headers["content-type"] == "application/pdf"
    assert printed.content == (await secretariat.reads(RECAPITULATION, "approver")).content
    (words,) = words_of(printed.content)
    assert "REKAPITULASI NILAI" in words
    assert "1 b 100,00 dipenuhi Terpilih" in words
    assert "2 a 80,00 dipenuhi Terpilih" in words
    assert "3 c 80,00 dipenuhi Cadangan 1" in words
    assert "4 d 60,00 dipenuhi Tidak terpilih" in words
    digest = (await secretariat.shows(f"{ROUND}/proposal", "auditor"))["digest"]
    # Long words have places to break, which show nothing.
    assert digest in words.replace(" ", "").replace("\u200b", "")
    answer = (await check(secretariat, digest)).json()
    assert (answer["candidates"], answer["selected"], answer["reserve"]) == (4, 2, 1)
    assert (answer["exhibition"], answer["cancelled"]) == (EXHIBITION, False)
    page = await check(secretariat, digest, "text/html")
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert "100,00" not in page.text
    assert code(await check(secretariat, "0" * 64)) == (404, "not-found")
    assert (await check(secretariat, "0" * 64, "text/html")).status_code == 404


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
