"""The coaching list of a province: who was rejected or not selected, as a list and as CSV."""

import csv
import io

from tests.registration.registry import (
    APPLICANT,
    AUDITOR,
    EXHIBITION_PATH,
    PLANNER,
    PROFILE,
    VERIFIER,
    Registry,
    place,
)
from tests.serving import code

LIST = "/coaching-list"


async def rejected(registry: Registry, number: int, **profile: object) -> str:
    """Register an enterprise with this profile whose application is rejected; return its id."""
    own = await registry.registered(number)
    await registry.done(
        VERIFIER,
        f"/enterprises/{own}/profile",
        {**PROFILE, **profile},
        method="PUT",
        headers={"if-match": "*"},
        actor="clerk",
    )
    body = {"enterprise": own, "capacity": 0}
    await registry.applies(f"{EXHIBITION_PATH}/applications", own, body)
    await registry.done(VERIFIER, f"{place(own)}/verification")
    return own


async def test_who_was_rejected_is_on_the_list_of_its_province(registry: Registry) -> None:
    await registry.calling()
    banten = {"system": "BPS", "edition": "2018", "code": "36"}
    here, there = await rejected(registry, 0), await rejected(registry, 1, province=banten)
    await registry.submitted(2)
    (shown,) = (await registry.gets(LIST, VERIFIER, province="ID-JK"))["items"]
    assert (shown["enterprise"], shown["name"], shown["rejected"]) == (here, "Tenun Fiktif", True)
    assert shown["reasons"] == ["capacity"]
    (because,) = shown["because"]
    assert because["en"].startswith("Not met: ")
    (other,) = (await registry.gets(LIST, AUDITOR, province="ID-BT"))["items"]
    assert other["enterprise"] == there
    assert (await registry.gets(LIST, PLANNER, province="ID-JB"))["items"] == []


async def test_the_list_is_a_table_that_runs_nothing(registry: Registry) -> None:
    await registry.calling()
    own = await rejected(registry, 0, name='=HYPERLINK("http://x";"Batik")')
    answer = await registry.api.query(VERIFIER, f"{LIST}.csv", province="ID-JK")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="pembinaan-ID-JK.csv"'
    heading, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    assert heading[:2] == ["Pelaku usaha", "Nama"]
    assert row[:2] == [own, '\'=HYPERLINK("http://x";"Batik")']
    assert row[-2] == "Tidak memenuhi syarat"
    assert row[-1] == "Tidak terpenuhi: Pelaku usaha menyatakan kapasitas produksi per bulan."


async def test_only_officers_read_the_list_of_a_province_that_there_is(registry: Registry) -> None:
    for role in (APPLICANT, "curator", "ministry-system"):
        answer = await registry.api.query(role, LIST, province="ID-JK")
        assert code(answer) == (403, "role-missing")
    for path in (LIST, f"{LIST}.csv"):
        wrong = await registry.api.query(VERIFIER, path, province="JK")
        missing = await registry.api.query(VERIFIER, path)
        assert code(wrong) == code(missing) == (422, "malformed-request")
