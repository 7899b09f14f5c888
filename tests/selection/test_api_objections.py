"""Objections on real servers: filed with a file, read, decided, withdrawn, late, and the window."""

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from shared.clock import write_clock
from shared.contracts.budget.allocation import FundingReleased
from tests.files.examples import PDF
from tests.given import NOW
from tests.selection.examples import EXHIBITION, ROUND_FIELDS, D
from tests.selection.objecting import JUDGE, TERMS, UNTIL
from tests.selection.secretariat import ROUND, Secretariat, candidate, declined, funded
from tests.serving import code
from tests.settled import settled

SCORES = {"a": 5, "b": 4, "c": 4, "d": 3}
"""A and B are selected, C is a reserve, D is below the threshold."""
GROUNDS = {"ground": "score", "reason": "a sheet was added wrongly"}
ANSWER = {"answer": "as the sheets show", "number": "ND-9", "signed_on": "2018-02-01"}


@pytest.fixture
async def disputed(secretariat: Secretariat) -> Secretariat:
    """Return a secretariat whose selection is approved, with a time for objections."""
    with_terms = replace(secretariat, terms={"objections": TERMS})
    await with_terms.approved(SCORES)
    return with_terms


def objection(enterprise: str, *files: str) -> dict[str, Any]:
    return {"application": f"{EXHIBITION}.{enterprise}", **GROUNDS, "files": files}


def decision(enterprise: str, **code: str) -> dict[str, Any]:
    return {"application": f"{EXHIBITION}.{enterprise}", **ANSWER, **code}


async def files(secretariat: Secretariat, enterprise: str, *names: str) -> None:
    """File the objection of this enterprise."""
    answer = await secretariat.asks(
        f"{ROUND}/objections",
        objection(enterprise, *names),
        role="enterprise",
        enterprise=enterprise,
    )
    assert answer.is_success, answer.text


async def uploads(secretariat: Secretariat, enterprise: str) -> Any:
    """Upload a file for the objection of this enterprise, and return what is known of it."""
    path = f"{candidate(enterprise)}/objection-files"
    answer = await secretariat.api.upload("enterprise", path, PDF, enterprise=enterprise)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def own(secretariat: Secretariat, enterprise: str) -> Any:
    """Return what this enterprise reads about its objection."""
    path = f"{candidate(enterprise)}/objection"
    answer = await secretariat.reads(path, "enterprise", enterprise=enterprise)
    assert answer.is_success, answer.text
    return answer.json()


async def since(secretariat: Secretariat, enterprise: str) -> str:
    """Return what this enterprise reads of what has changed since the approval."""
    path = f"{candidate(enterprise)}/explanation"
    answer = await secretariat.reads(path, "enterprise", enterprise=enterprise)
    words: str = answer.json()["since"]["en"]
    return words


async def time_is(secretariat: Secretariat, at: datetime) -> None:
    """Set the programme clock, and wait until the deadlines were swept."""
    clock_file = secretariat.api.service.engine.settings.clock_file
    assert clock_file is not None
    write_clock(clock_file, at)
    await settled(secretariat.api.service)


async def test_an_objection_with_a_file_is_upheld_by_another_approver(
    disputed: Secretariat,
) -> None:
    await disputed.receives(EXHIBITION, funded("a"))
    assert await disputed.seats() == {"a": "WAITING", "b": "WAITING"}
    before = await own(disputed, "d")
    assert (before["window_open"], before["objection"]) == (True, None)
    assert datetime.fromisoformat(before["closes_at"]) == UNTIL
    file = await uploads(disputed, "d")
    await files(disputed, "d", file["id"])
    assert await disputed.seats() == {"a": "WAITING", "b": "ESCROWED"}
    assert await since(disputed, "b") == "Your place is held until an objection is decided."
    shown = (await own(disputed, "d"))["objection"]
    digest = {"id": file["id"], "sha256": sha256(PDF).hexdigest()}
    assert (shown["status"], shown["files"], shown["decision"]) == ("FILED", [digest], None)
    body = decision("d", ground="score")
    path = f"{ROUND}/objections/upholding"
    assert code(await disputed.asks(path, body, role="approver")) == (409, "same-person")
    await disputed.done(path, body, role="approver", actor=JUDGE)
    assert await disputed.seats() == {"a": "WAITING", "d": "WAITING"}
    reserve = (await disputed.shows(ROUND))["reserve"]
    assert reserve == [f"{EXHIBITION}.b", f"{EXHIBITION}.c"]
    answered = (await own(disputed, "d"))["objection"]
    assert answered["status"] == "UPHELD"
    assert answered["decision"] == {"code": "score", **ANSWER}
    assert JUDGE not in str(answered)
    assert "another was upheld" in await since(disputed, "b"), "it was selected, and is a reserve"
    assert "number 1 on the reserve list" in await since(disputed, "b")
    assert (
        await since(disputed, "d") == "Your objection has been upheld since, and you have a place."
    )
    await time_is(disputed, UNTIL + timedelta(minutes=2))
    assert await disputed.seats() == {"a": "OFFERED", "d": "WAITING"}


async def test_a_file_is_read_by_its_applicant_and_by_judges_and_each_reading_is_recorded(
    disputed: Secretariat,
) -> None:
    file = await uploads(disputed, "d")
    await files(disputed, "d", file["id"])
    path = f"{candidate('d')}/objection/files/{file['id']}"
    mine = await disputed.reads(path, "enterprise", enterprise="d")
    assert (mine.status_code, mine.content) == (200, PDF)
    judge = await disputed.reads(path, "approver", actor=JUDGE)
    assert (judge.status_code, judge.content) == (200, PDF)
    assert (await disputed.reads(path, "auditor")).status_code == 200
    assert code(await disputed.reads(path, "approver")) == (409, "same-person")
    rival = await disputed.reads(path, "enterprise", enterprise="b")
    assert code(rival) == (403, "another-enterprise")
    hybrid = await disputed.reads(path, "approver", actor=JUDGE, enterprise="b")
    assert code(hybrid) == (409, "own-enterprise")
    unknown = f"{candidate('d')}/objection/files/none"
    assert (await disputed.reads(unknown, "auditor")).status_code == 404
    shown = await disputed.shows(f"{ROUND}/objections", "auditor")
    (filed,) = shown["objections"]
    assert len(filed["readers"]) == 3
    assert JUDGE in filed["readers"]


async def test_only_the_applicant_itself_objects_and_only_with_its_own_files(
    disputed: Secretariat,
) -> None:
    file = await uploads(disputed, "c")
    path = f"{ROUND}/objections"
    foreign = objection("d", file["id"])
    answer = await disputed.asks(path, foreign, role="enterprise", enterprise="d")
    assert code(answer) == (409, "unknown-file")
    rival = await disputed.asks(path, objection("d"), role="enterprise", enterprise="c")
    assert code(rival) == (403, "another-enterprise")
    elsewhere = {**objection("d"), "application": "another.d"}
    answer = await disputed.asks(path, elsewhere, role="enterprise", enterprise="d")
    assert code(answer) == (409, "unknown-candidate")
    upload = f"{candidate('d')}/objection-files"
    answer = await disputed.api.upload("enterprise", upload, PDF, enterprise="c")
    assert code(answer) == (403, "another-enterprise")


async def test_an_objection_is_withdrawn_and_a_late_one_is_refused(disputed: Secretariat) -> None:
    await files(disputed, "c")
    path, body = f"{ROUND}/objections/withdrawal", {"application": f"{EXHIBITION}.c"}
    answer = await disputed.asks(path, body, role="enterprise", enterprise="c")
    assert answer.is_success, answer.text
    assert await disputed.seats() == {"a": "WAITING", "b": "WAITING"}
    await time_is(disputed, UNTIL + timedelta(seconds=1))
    late = await disputed.asks(
        f"{ROUND}/objections", objection("d"), role="enterprise", enterprise="d"
    )
    assert code(late) == (409, "objections-closed")
    upload = f"{candidate('d')}/objection-files"
    answer = await disputed.api.upload("enterprise", upload, PDF, enterprise="d")
    assert code(answer) == (409, "objections-closed")


async def test_an_approver_sees_what_is_to_be_decided_in_time_and_late(
    disputed: Secretariat,
) -> None:
    async def tasks(actor: str) -> list[tuple[str, str]]:
        await disputed.settles()
        items = (await disputed.shows("/tasks", "approver", actor=actor))["items"]
        return [(item["task"], item["href"]) for item in items]

    await files(disputed, "d")
    assert await tasks(JUDGE) == [("decide-objection", f"{ROUND}/objections")]
    assert await tasks("approver-1") == []
    await time_is(disputed, NOW + timedelta(days=6))
    assert await tasks(JUDGE) == [("decide-late-objection", f"{ROUND}/objections")]
    assert await disputed.seats() == {"a": "WAITING", "b": "WAITING"}
    dismissal = decision("d", code="unfounded")
    await disputed.done(f"{ROUND}/objections/dismissal", dismissal, role="approver", actor=JUDGE)
    assert await tasks(JUDGE) == []
    assert (await own(disputed, "d"))["objection"]["decision"]["code"] == "unfounded"


async def test_the_decree_waits_for_the_window(disputed: Secretariat) -> None:
    assert code(await disputed.signs("decree", "SK-7")) == (409, "objections-open")


async def test_money_of_a_seat_that_was_lost_to_an_objection_offers_no_later_seat(
    disputed: Secretariat,
) -> None:
    await files(disputed, "d")
    body = decision("d", ground="score")
    await disputed.done(f"{ROUND}/objections/upholding", body, role="approver", actor=JUDGE)
    await time_is(disputed, UNTIL + timedelta(minutes=2))
    await disputed.receives(EXHIBITION, funded("a"))
    await disputed.receives(f"{EXHIBITION}.a", declined("a"))
    assert await disputed.seats() == {"a": "LOST", "d": "WAITING", "b": "WAITING"}
    # The money of the former seat of B arrives only now: budget released it since.
    await disputed.receives(EXHIBITION, funded("b"))
    assert (await disputed.seats())["b"] == "WAITING"
    released = FundingReleased(
        application=f"{EXHIBITION}.b", amount_idr=1, waited=False, **MONEY, **ROUND_FIELDS
    )
    await disputed.receives(EXHIBITION, released, funded("b"))
    assert (await disputed.seats())["b"] == "OFFERED"


MONEY: dict[str, int] = {
    "ceiling_idr": 9,
    "reserved_idr": 0,
    "contracted_idr": 0,
    "realised_idr": 0,
}


async def test_an_unknown_objector_reads_nothing(disputed: Secretariat) -> None:
    answer = await disputed.reads(f"/candidates/{D}x/objection", "enterprise", enterprise="dx")
    assert answer.status_code == 404
