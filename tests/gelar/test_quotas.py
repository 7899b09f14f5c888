"""The audit chooses under quotas as the service does, by code of its own."""

from hypothesis import given, settings

from gelar.checking.invariants.recount.quotas import chosen, codes_of, exceeded
from services.selection.domain.choosing.choice import choose
from services.selection.domain.choosing.choice import codes_of as codes_of_service
from services.selection.domain.choosing.problem import Codes
from shared.contracts.registration.quota import (
    CooperativeGroup,
    FirstTimerGroup,
    ProvinceGroup,
    Quota,
    SectorGroup,
)
from tests.selection.examples import applicant, province
from tests.selection.test_all_choices import candidates, quotas

GROUPS = (
    FirstTimerGroup(form="first-timers"),
    CooperativeGroup(form="cooperatives"),
    SectorGroup(form="sectors", sectors=("10", "13")),
    ProvinceGroup(form="provinces", provinces=(province("32"), province("33"))),
)


@settings(max_examples=800)
@given(candidates, quotas)
def test_the_audit_chooses_as_the_service_does(
    field: list[Codes], quotas: tuple[Quota, ...]
) -> None:
    written = [quota.model_dump(mode="json") for quota in quotas]
    for places in (1, 3, 5):
        expected = choose(field, quotas, places, field[:1])
        found = chosen(field, written, places, field[:1])
        if not exceeded(field[:1], written):
            assert tuple(found.positions) == expected.chosen
            stops = {at: (stop.quota, stop.bound.value) for at, stop in expected.stops.items()}
            assert found.stops == stops
            assert found.missed == {each.quota: each.places for each in expected.shortfalls}


def test_the_audit_counts_an_applicant_for_the_quotas_of_its_groups() -> None:
    quotas = tuple(
        Quota(code=f"q{number}", group=group, minimum=1) for number, group in enumerate(GROUPS)
    )
    written = [quota.model_dump(mode="json") for quota in quotas]
    for entrant in (
        applicant(),
        applicant(first_timer=False, province=province("33")),
        applicant().model_copy(update={"cooperative": True, "sector": "20"}),
    ):
        own = codes_of(written, entrant.model_dump(mode="json"))
        assert own == codes_of_service(quotas, entrant)
