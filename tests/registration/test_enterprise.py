"""The rules of the enterprise: it registers once, by the hashes of its numbers."""

from dataclasses import replace

import pytest
from pydantic import TypeAdapter

from services.registration.domain.enterprise.decider import enterprise
from services.registration.domain.enterprise.registration import (
    RegisterEnterprise,
    RegistrationForm,
    hash_form,
)
from services.registration.domain.enterprise.state import claims
from services.registration.responses.enterprise import enterprise_response
from shared.contracts.registration.enterprise import Product
from shared.kernel.decider import Refused
from shared.kernel.keys import HashKeys
from tests.given import given
from tests.registration.examples import ENTERPRISE, REGISTERED, enterprise_after
from tests.relations import RELATION_KEYS

HASH = "0a1b2c3d." + "a" * 64
KEYS = HashKeys((b"a key of a test, 32 bytes at the least",))
NUMBERS = {"npwp": "012345678901000", "nik": "3171015708850001", "nib": "8120001234567"}
FORM = TypeAdapter(RegistrationForm).validate_python(
    {
        "name": "Batik Fiktif",
        "representative": "Ibu Contoh",
        "cooperative": False,
        "province": {"system": "BPS", "edition": "2018", "code": "31"},
        "sector": "14",
        "net_assets_idr": 200_000_000,
        "annual_sales_idr": 900_000_000,
        "earlier_participations": 0,
        "products": [{"name": "Batik"}],
        "identifiers": NUMBERS,
    }
)
REGISTER = replace(
    hash_form(FORM, KEYS, relation_keys=RELATION_KEYS),
    identifiers=REGISTERED.identifiers,
    relations=REGISTERED.relations,
    search_keys=(),
)


def test_an_enterprise_is_registered_by_the_hashes_of_its_numbers() -> None:
    given(enterprise).when(REGISTER, subject=ENTERPRISE).then(REGISTERED)


def test_an_enterprise_is_registered_once() -> None:
    given(enterprise, REGISTERED).when(REGISTER, subject=ENTERPRISE).refused("already-registered")


def test_an_enterprise_without_its_numbers_is_not_registered() -> None:
    bare = replace(REGISTER, identifiers={"NPWP": HASH})
    given(enterprise).when(bare, subject=ENTERPRISE).refused("wrong-identifiers")


def test_nothing_that_is_stored_or_published_contains_a_number() -> None:
    command = hash_form(FORM, KEYS, relation_keys=RELATION_KEYS)
    (event,) = given(enterprise).when(command, subject=ENTERPRISE).events()
    texts = [
        repr(FORM),
        repr(command),
        event.public_json(),
        event.private_json() or "",
        TypeAdapter(RegisterEnterprise).dump_json(command).decode(),
    ]
    for text in texts:
        assert not [number for number in NUMBERS.values() if number in text]


def test_a_topic_carries_neither_names_nor_hashes() -> None:
    public = REGISTERED.public_json()
    for private in ("Batik Fiktif", "Ibu Contoh", HASH):
        assert private not in public


def test_what_is_private_is_in_no_representation() -> None:
    for text in (repr(FORM), repr(REGISTER)):
        for private in ("Fiktif", "Contoh"):
            assert private not in text


def test_equal_forms_make_equal_commands() -> None:
    assert hash_form(FORM, KEYS, relation_keys=RELATION_KEYS) == hash_form(
        replace(FORM), KEYS, relation_keys=RELATION_KEYS
    )


def test_a_form_with_the_wrong_numbers_is_refused_before_anything_is_claimed() -> None:
    with pytest.raises(Refused, match="wrong-identifiers"):
        hash_form(replace(FORM, cooperative=True), KEYS, relation_keys=RELATION_KEYS)


def test_photographs_come_after_the_registration() -> None:
    shown = replace(FORM, products=(Product(name="Batik", photographs=("f-1",)),))
    with pytest.raises(Refused, match="photographs-later"):
        hash_form(shown, KEYS, relation_keys=RELATION_KEYS)


def test_a_number_stays_claimed_by_the_enterprise_that_has_registered_it() -> None:
    state = enterprise_after(REGISTERED)
    assert claims(state)[f"npwp/{HASH}"] == "NPWP"
    assert {key.partition("/")[0] for key in claims(state)} <= {"npwp", "nik", "nik-koperasi"}
    assert claims(None) == {}


def test_a_response_has_names_and_numbers_for_some_readers_and_hashes_for_none() -> None:
    state = enterprise_after(REGISTERED)
    full = enterprise_response(state, sees_name=True, sees_private=True)
    bare = enterprise_response(state, sees_name=False, sees_private=False)
    named = enterprise_response(state, sees_name=True, sees_private=False)
    assert (full.name, full.representative) == ("Batik Fiktif", "Ibu Contoh")
    assert (bare.name, bare.representative) == (None, None)
    assert (bare.net_assets_idr, bare.annual_sales_idr, bare.products) == (None, None, None)
    hidden = replace(full, name=None, representative=None, products=None)
    hidden = replace(hidden, net_assets_idr=None, annual_sales_idr=None)
    assert hidden == bare
    assert named == replace(bare, name=full.name)
    assert HASH not in repr(full)
