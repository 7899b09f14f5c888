"""A selection under the quotas of its call: proposed, approved, and kept in a promotion."""

from shared.contracts.registration.quota import CooperativeGroup, FirstTimerGroup, Quota
from tests.selection.examples import EXHIBITION, B, C
from tests.selection.secretariat import ROUND, Secretariat, declined, funded

NEWCOMERS = Quota(code="pemula", group=FirstTimerGroup(form="first-timers"), maximum=1)
COOPERATIVES = Quota(code="koperasi", group=CooperativeGroup(form="cooperatives"), minimum=1)


async def test_a_selection_keeps_its_quotas_until_a_promotion(secretariat: Secretariat) -> None:
    # All candidates are first-timers, and none is a cooperative.
    scores = {"a": 3, "b": 5, "c": 4}
    digest = await secretariat.proposed(scores, (NEWCOMERS, COOPERATIVES))
    proposal = await secretariat.shows(f"{ROUND}/proposal", "approver")
    assert (proposal["method"], proposal["digest"]) == ("2018-3", digest)
    assert [row["application"] for row in proposal["selected"]] == [B]
    assert proposal["passed_over"] == [
        {"application": application, "quota": "pemula", "bound": "MAXIMUM"} for application in (C,)
    ]
    assert proposal["shortfalls"] == [{"quota": "koperasi", "places": 1}]
    await secretariat.done(f"{ROUND}/approval", {"digest": digest}, role="approver")
    shown = await secretariat.shows(ROUND, "ministry-system")
    live = {quota["code"]: quota["live"] for quota in shown["quotas"]}
    assert (live, shown["stopped_by"]) == (
        {"pemula": 1, "koperasi": 0},
        [{"quota": "pemula", "bound": "MAXIMUM"}],
    )
    await secretariat.receives(f"{EXHIBITION}.b", declined("b"))
    assert await secretariat.seats() == {"b": "LOST", "c": "WAITING"}
    await secretariat.receives(EXHIBITION, funded("c"))
    shown = await secretariat.shows(ROUND, "ministry-system")
    assert shown["seats"] == {B: "LOST", C: "OFFERED"}
    assert (shown["reserve"], shown["quotas"][0]["live"]) == ([], 1)
