"""The rules of the profile: every part can be revised, with a reason, and nothing is forgotten."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from services.registration.domain.enterprise.decider import enterprise
from services.registration.domain.enterprise.profile import (
    ProfileFacts,
    ReviseProfile,
    product_photographs,
    revise_profile,
)
from shared.contracts.event import Event
from shared.contracts.registration.enterprise import (
    CooperativeKind,
    Kbli,
    Product,
    ProfileRevised,
    ProfileRevisionCode,
)
from shared.contracts.words import Province
from tests.given import When, given
from tests.registration.examples import (
    ENTERPRISE,
    JAKARTA,
    REGISTERED,
    RELATIONS,
    enterprise_after,
)

TENUN = Product(
    name="Tenun",
    kbli=Kbli(edition="2017", code="13122"),
    hs_code="630492",
    capacity=40,
    unit="lembar",
    price_idr=350_000,
)
BANTEN = Province(system="BPS", edition="2018", code="36")
REVISE = ReviseProfile(
    name="Tenun Fiktif",
    representative="Bapak Contoh",
    province=BANTEN,
    sector="13",
    net_assets_idr=250_000_000,
    annual_sales_idr=950_000_000,
    earlier_participations=1,
    products=(TENUN,),
    code=ProfileRevisionCode.MOVED,
    reason="The workshop has moved to Serang.",
)
REVISED = ProfileRevised(
    enterprise=ENTERPRISE,
    code=ProfileRevisionCode.MOVED,
    province=BANTEN,
    sector="13",
    net_assets_idr=250_000_000,
    annual_sales_idr=950_000_000,
    earlier_participations=1,
    products=(TENUN,),
    name="Tenun Fiktif",
    representative="Bapak Contoh",
    relations=RELATIONS,
    reason="The workshop has moved to Serang.",
    revised_by="tester",
)

AS_REGISTERED = replace(
    REVISE,
    name="Batik Fiktif",
    representative="Ibu Contoh",
    province=JAKARTA,
    sector="14",
    net_assets_idr=200_000_000,
    annual_sales_idr=900_000_000,
    earlier_participations=0,
    products=REGISTERED.products,
)
"""The profile as it was registered."""


def revising(command: ReviseProfile, *past: Event, no_pictures: tuple[str, ...] = ()) -> When:
    """Decide a revision after these events."""
    return given(enterprise, *past).when(
        command,
        rule=revise_profile,
        facts=ProfileFacts(no_pictures=no_pictures),
        subject=ENTERPRISE,
    )


def test_a_revision_replaces_the_whole_profile() -> None:
    revising(REVISE, REGISTERED).then(REVISED)
    state = enterprise_after(REGISTERED, REVISED)
    assert (state.name, state.representative, state.province) == (
        "Tenun Fiktif",
        "Bapak Contoh",
        BANTEN,
    )
    assert (state.sector, state.products, state.earlier_participations) == ("13", (TENUN,), 1)
    assert (state.net_assets_idr, state.annual_sales_idr) == (250_000_000, 950_000_000)
    assert (state.address, state.search_keys) == (REVISED.address, REVISED.search_keys)


def test_numbers_and_the_registrar_stay() -> None:
    before, after = (
        enterprise_after(REGISTERED),
        enterprise_after(REGISTERED, REVISED),
    )
    assert after.identifiers == before.identifiers
    assert (after.registered_by, after.cooperative) == (before.registered_by, before.cooperative)


def test_all_who_declared_the_profile_are_kept() -> None:
    again = REVISED.model_copy(update={"revised_by": "colleague", "sector": "14"})
    state = enterprise_after(REGISTERED, REVISED, again, REVISED)
    assert state.revised_by == ("colleague", "tester")
    assert state.declarers() == ("colleague", "tester")
    assert enterprise_after(REGISTERED).declarers() == ("tester",)


def test_a_revision_that_changes_nothing_is_refused() -> None:
    revising(AS_REGISTERED, REGISTERED).refused("nothing-changed")
    revising(REVISE, REGISTERED, REVISED).refused("nothing-changed")


def test_a_revision_is_undone_by_another() -> None:
    back = replace(AS_REGISTERED, code=ProfileRevisionCode.MISTYPED)
    (event,) = revising(back, REGISTERED, REVISED).events()
    state = enterprise_after(REGISTERED, REVISED, event)
    assert replace(state, revised_by=()) == enterprise_after(REGISTERED)


def test_no_profile_is_revised_before_the_registration() -> None:
    revising(REVISE).refused("not-found")


def test_a_photograph_is_a_picture() -> None:
    shown = replace(REVISE, products=(Product(name="Tenun", photographs=("f-1", "f-2")),))
    (event,) = revising(shown, REGISTERED).events()
    state = enterprise_after(REGISTERED, event)
    assert product_photographs(state.products) == ("f-1", "f-2")
    assert "f-1" not in event.public_json()
    revising(shown, REGISTERED, no_pictures=("f-2",)).refused("no-picture")


def test_a_topic_carries_no_name_no_figure_and_no_words() -> None:
    public = REVISED.public_json()
    for private in ("Tenun", "Contoh", "Serang", "250000000", "950000000", "tester"):
        assert private not in public


def test_what_is_private_is_in_no_representation() -> None:
    for private in ("Fiktif", "Contoh", "Serang"):
        assert private not in repr(REVISE)


def test_only_a_cooperative_has_a_kind_of_cooperative() -> None:
    producer = replace(REVISE, cooperative_kind=CooperativeKind.PRODUCER)
    revising(producer, REGISTERED).refused("no-cooperative")
    cooperative = REGISTERED.model_copy(update={"cooperative": True})
    (event,) = revising(producer, cooperative).events()
    assert event == REVISED.model_copy(update={"cooperative_kind": CooperativeKind.PRODUCER})
    assert enterprise_after(cooperative, event).cooperative_kind is CooperativeKind.PRODUCER


@pytest.mark.parametrize("code", ["0413", "041344", "04134", "99x99"])
def test_a_product_is_of_a_class_that_there_can_be(code: str) -> None:
    with pytest.raises(ValidationError):
        Kbli(edition="2017", code=code)
