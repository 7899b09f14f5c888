"""Rules of the enterprise: registered once, by hashes; documents replace those of their kind."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from pydantic import TypeAdapter

from services.registration.domain.enterprise.decider import (
    FileDocument,
    RegisterEnterprise,
    RegistrationForm,
    enterprise,
    hashed,
    is_known_by,
)
from services.registration.responses import profile_of
from shared.contracts.registration.enterprise import DocumentFiled, DocumentKind, FiledDocument
from shared.kernel.decider import Refused
from tests.given import NOW, given
from tests.registration.examples import ENTERPRISE, FILED, IUMK, REGISTERED, enterprise_after

KEY = b"a key of a test, 32 bytes at the least"
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
        "products": ["Batik"],
        "identifiers": NUMBERS,
    }
)
REGISTER = replace(hashed(FORM, KEY), identifiers=REGISTERED.identifiers)
FILE = FileDocument(
    document=DocumentKind.IUMK,
    issuer="Kecamatan Menteng",
    number="IUMK-7",
    issued_on=date(2017, 5, 2),
)


def test_an_enterprise_is_registered_by_the_hashes_of_its_numbers() -> None:
    given(enterprise).when(REGISTER, subject=ENTERPRISE).then(REGISTERED)


def test_an_enterprise_is_registered_once() -> None:
    given(enterprise, REGISTERED).when(REGISTER, subject=ENTERPRISE).refused("already-registered")


def test_an_enterprise_without_its_numbers_is_not_registered() -> None:
    bare = replace(REGISTER, identifiers={"NPWP": "a" * 64})
    given(enterprise).when(bare, subject=ENTERPRISE).refused("wrong-identifiers")


def test_nothing_that_is_kept_or_published_holds_a_number() -> None:
    command = hashed(FORM, KEY)
    (event,) = given(enterprise).when(command, subject=ENTERPRISE).events()
    kept = [
        repr(FORM),
        repr(command),
        event.public_json(),
        event.private_json() or "",
        TypeAdapter(RegisterEnterprise).dump_json(command).decode(),
    ]
    for text in kept:
        assert not [number for number in NUMBERS.values() if number in text]


def test_a_topic_hears_neither_names_nor_hashes_nor_document_numbers() -> None:
    public = REGISTERED.public_json() + FILED.public_json()
    for private in ("Batik Fiktif", "Ibu Contoh", "a" * 64, "IUMK-7"):
        assert private not in public


def test_what_is_private_is_in_no_representation() -> None:
    for text in (repr(FORM), repr(REGISTER), repr(FILE)):
        for private in ("Fiktif", "Contoh", "IUMK-7"):
            assert private not in text


def test_equal_forms_make_equal_commands() -> None:
    assert hashed(FORM, KEY) == hashed(replace(FORM), KEY)


def test_a_form_with_the_wrong_numbers_is_refused_before_anything_is_claimed() -> None:
    with pytest.raises(Refused, match="wrong-identifiers"):
        hashed(replace(FORM, cooperative=True), KEY)


def test_a_document_is_filed() -> None:
    given(enterprise, REGISTERED).when(FILE, subject=ENTERPRISE).then(FILED)


def test_nobody_files_for_an_enterprise_that_is_not_there() -> None:
    given(enterprise).when(FILE, subject=ENTERPRISE).refused("not-registered")


def test_a_document_is_filed_once_it_has_been_issued() -> None:
    today = replace(FILE, issued_on=NOW.date())
    assert len(given(enterprise, REGISTERED).when(today, subject=ENTERPRISE).events()) == 1
    tomorrow = replace(FILE, issued_on=NOW.date() + timedelta(days=1))
    given(enterprise, REGISTERED).when(tomorrow).refused("issued-in-the-future")


def test_a_document_does_not_expire_before_it_is_issued() -> None:
    command = replace(FILE, expires_on=date(2017, 5, 1))
    given(enterprise, REGISTERED).when(command).refused("expires-before-issue")


def test_a_later_document_takes_the_place_of_one_of_its_kind() -> None:
    renewed = DocumentFiled(
        enterprise=ENTERPRISE,
        document=DocumentKind.IUMK,
        issuer="Kecamatan Menteng",
        issued_on=date(2018, 1, 5),
        expires_on=date(2020, 1, 5),
        number="IUMK-8",
    )
    assert enterprise_after(REGISTERED, FILED).filed() == (IUMK,)
    assert enterprise_after(REGISTERED, FILED, renewed).filed() == (
        FiledDocument(
            document=DocumentKind.IUMK,
            issued_on=date(2018, 1, 5),
            expires_on=date(2020, 1, 5),
        ),
    )


def test_a_number_stays_claimed_by_the_enterprise_that_shows_it() -> None:
    state = enterprise_after(REGISTERED)
    assert is_known_by(state, "NPWP", "a" * 64)
    assert not is_known_by(state, "NPWP", "b" * 64)
    assert not is_known_by(state, "NIB", "a" * 64)
    assert not is_known_by(None, "NPWP", "a" * 64)


def test_a_profile_shows_names_and_numbers_to_some_and_hashes_to_nobody() -> None:
    state = enterprise_after(REGISTERED, FILED)
    full, bare = profile_of(state, personal=True), profile_of(state, personal=False)
    assert (full.name, full.representative) == ("Batik Fiktif", "Ibu Contoh")
    assert full.documents[0].number == "IUMK-7"
    assert (bare.name, bare.representative, bare.documents[0].number) == (None, None, None)
    assert replace(full, name=None, representative=None, documents=bare.documents) == bare
    assert "a" * 64 not in repr(full)
