"""The figures of a programme on real servers, from events of all services.

After each test its fixture compares every tally with a count from scratch.
"""

from datetime import date
from typing import Any

from shared.contracts.budget.allocation import AllocationRaised
from shared.contracts.budget.envelope import EnvelopeOpened
from shared.contracts.registration.exhibition import ExhibitionOpened, ExhibitionProposed
from shared.contracts.registration.programme import ProgrammeAnnounced
from shared.contracts.selection.round import RoundOpened, SelectionApproved
from shared.contracts.words import Indicator, Scope, Target, TargetScope
from tests.reporting.desk import Desk
from tests.reporting.examples import EXHIBITION, PLANNED, about, applicant
from tests.serving import code

ABOUT = about()
ANN, BEN = applicant("ann"), applicant("ben", province="51", first_timer=False)
SALE = {
    "application": ANN.application,
    "rung": "RETAIL_SALE",
    "occurred_on": "2018-01-30",
    "amount": "2500000",
    "currency": "IDR",
    "buyer_country": "ID",
}
PARTICIPATIONS = Target(scope=TargetScope.OVERSEAS, indicator=Indicator.PARTICIPATIONS, value=3)
FIGURES = ("achievement", "funnel", "budget", "exhibitions", "outcomes", "participation", "report")
ANNOUNCED = ProgrammeAnnounced(
    programme="2018",
    title="Pameran 2018",
    targets=(PARTICIPATIONS,),
    document_number="RKT-1",
    signed_on=date(2018, 1, 2),
)


async def test_a_programme_that_does_not_exist_has_no_figures(desk: Desk) -> None:
    for figure in (*FIGURES, "fairness"):
        answer = await desk.api.query("auditor", f"/programmes/2018/{figure}")
        assert code(answer) == (404, "not-found"), figure


async def test_the_fairness_of_a_few_applications_is_not_shown(desk: Desk) -> None:
    await receives_year(desk)
    found = await desk.shows("/programmes/2018/fairness")
    assert (found["all"], found["groupings"], found["undecided"]) == (None, [], 0)
    assert found["stages"][-1]["label"] == {"en": "Money", "id": "Anggaran"}
    of_show = await desk.api.query("auditor", "/programmes/2018/fairness", exhibition=EXHIBITION)
    assert of_show.status_code == 422, "its small figures would follow from those of the year"


DIPA = {"document_number": "SP DIPA-044.01/2018", "effective_on": "2018-01-02"}


async def receives_year(desk: Desk) -> None:
    """Publish a small year: an exhibition abroad that two participants attend."""
    await desk.receives("2018", ANNOUNCED)
    proposed = ExhibitionProposed(
        name="MIHAS", city="Kuala Lumpur", country="MY", organiser="MATRADE", **ABOUT
    )
    await desk.publisher.publish(EXHIBITION, proposed, PLANNED, ExhibitionOpened(**ABOUT))
    opened = RoundOpened(
        places=2,
        rubric="r-1",
        threshold=1,
        sheets_min=3,
        offer_hours=72,
        starts_on=date(2018, 4, 4),
        ends_on=date(2018, 4, 7),
        **ABOUT,
    )
    selected = (ANN.application, BEN.application)
    await desk.publisher.publish(
        EXHIBITION,
        opened,
        SelectionApproved(approved_on=date(2018, 2, 1), selected=selected, reserve=(), **ABOUT),
    )
    pagu = {"pagu_idr": 700, "blocked_idr": 100, "allotted_idr": 300}
    envelope = {"programme": "2018", "scope": Scope.OVERSEAS, **DIPA, **pagu}
    await desk.publisher.publish("2018.OVERSEAS", EnvelopeOpened.model_validate(envelope))
    balances = {"ceiling_idr": 300, "reserved_idr": 0, "contracted_idr": 0, "realised_idr": 0}
    raised = {**ABOUT, **balances, "amount_idr": 300, "unit_cost_idr": 150}
    await desk.publisher.publish(EXHIBITION, AllocationRaised.model_validate(raised))
    await desk.receives_journey(BEN)
    await desk.receives_journey(ANN)


async def test_achievement_counts_enterprises_and_participations(desk: Desk) -> None:
    await receives_year(desk)
    rows = (await desk.shows("/programmes/2018/achievement", scope="OVERSEAS"))["items"]
    figures = [(row["indicator"], row["target"], row["realised"], row["percent"]) for row in rows]
    assert figures == [
        ("ENTERPRISES", None, 2, None),
        ("PARTICIPATIONS", 3, 2, "66.67"),
        ("EXHIBITIONS", None, 1, None),
    ]
    assert len((await desk.shows("/programmes/2018/achievement"))["items"]) == 9


async def test_the_funnel_and_the_budget_are_of_the_requested_part(desk: Desk) -> None:
    await receives_year(desk)

    async def stages(**part: str) -> dict[str, Any]:
        items = (await desk.shows("/programmes/2018/funnel", **part))["items"]
        return {item["stage"]: item["count"] for item in items if item["count"]}

    reached = {"submitted", "eligible", "selected", "offered", "accepted", "confirmed", "attended"}
    assert await stages() == await stages(exhibition=EXHIBITION) == dict.fromkeys(reached, 2)
    assert await stages(scope="DOMESTIC") == {}
    budget = await desk.shows("/programmes/2018/budget")
    assert [(item["scope"], item["available_idr"]) for item in budget["items"]] == [
        ("OVERSEAS", "600"),
        ("ALL", "600"),
    ]


async def test_the_report_has_all_figures(desk: Desk) -> None:
    await receives_year(desk)
    await desk.done("/outcomes", SALE)
    report = await desk.shows("/programmes/2018/report")
    assert (report["title"], report["targets_by"]) == ("Pameran 2018", "RKT-1")
    seats = {"places": 2, "selected": 2, "confirmed": 0, "lost": 0, "annex": 0}
    assert seats.items() <= report["seats"].items()
    (sale,) = report["outcomes"]["items"]
    assert (sale["rung"], sale["status"], sale["amount_idr"], sale["devisa"]["amount_idr"]) == (
        "RETAIL_SALE",
        "REPORTED",
        "2500000",
        "0",
    )
    people = report["participation"]
    assert (people["attended"], people["first_timers"], people["contested"]) == (2, 1, 0)
    assert people["first_timer_percent"] == "50.00"
    assert people["distinct"] == {
        "enterprises": 2,
        "first_timers": 1,
        "first_timer_percent": "50.00",
    }
    assert [(person["province"], person["attended"]) for person in people["by_province"]] == [
        ("ID-BA", 1),
        ("ID-JK", 1),
    ]
    assert people["by_province"][1]["label"] == {"en": "DKI Jakarta", "id": "DKI Jakarta"}
    assert people["by_size_class"][0]["label"] == {"en": "Small", "id": "Kecil"}


async def test_figures_wait_for_the_version_that_the_caller_names(desk: Desk) -> None:
    await desk.publisher.publish("2018", ANNOUNCED)
    achievement = await desk.shows("/programmes/2018/achievement", after="programme/2018@1")
    assert len(achievement["items"]) == 9


async def test_figures_are_for_officers_auditors_and_ministries(desk: Desk) -> None:
    for role in ("enterprise", "operator", "curator"):
        assert code(await desk.api.query(role, "/programmes/2018/report"))[0] == 403, role
