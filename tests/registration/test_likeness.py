"""The likeness of two profiles, and the keyed hashes by which a likely pair meets at all."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.duplicates.likeness import Likeness, Profile, likeness
from services.registration.domain.duplicates.search_keys import (
    candidate_hashes,
    candidate_texts,
    search_keys,
    word_hashes,
)
from services.registration.domain.duplicates.words import (
    name_words,
    owner_words,
    skeleton,
    spelled,
)
from shared.kernel.keys import HashKeys

KEYS = HashKeys((b"a key of a test, 32 bytes at the least",))
ROTATED = HashKeys((*KEYS.keys, b"another key of a test, 32 bytes or more"))
SEKAR = Profile(
    name="CV. Batik Sekar Kedaton",
    owner="Siti Nurhaliza Rahmawati",
    address="Jl. Malioboro No. 12, Yogyakarta",
    province="ID-YO",
)
TEXT = st.text("abcdefghij .-'", min_size=0, max_size=30)


@pytest.mark.parametrize(
    ("name", "owner", "address"),
    [
        ("UD Batik Sekar Kedaton", "Siti Nurhaliza Rahmawati", "Jalan Malioboro 12"),
        ("BATIK SEKAR KEDATN", "Hj. Siti Nurhaliza Rahmawati, S.E.", ""),
        ("Sekar Kedaton", "Siti Noerhaliza Rachmawati", "Jl. Kaliurang No. 5, Sleman"),
        ("Kedaton Sekar Batik", "S. Nurhaliza Rahmawati", ""),
        ("Batik Sekarkedaton", "Siti Nurhaliza R.", "Jl. Malioboro No. 12, Yogyakarta"),
    ],
)
def test_another_spelling_of_an_enterprise_is_suspected(
    name: str, owner: str, address: str
) -> None:
    other = replace(SEKAR, name=name, owner=owner, address=address)
    assert likeness(SEKAR, other).suspected, likeness(SEKAR, other)
    shared = set(candidate_texts(name, owner)) & set(candidate_texts(SEKAR.name, SEKAR.owner))
    assert shared


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("CV. Batik Sekar Kedaton", "Bambang Prasojo"),
        ("Keripik Renyah Gurih", "Siti Nurhaliza Rahmawati"),
        ("Batik Parang Rusak", "Dewi Rahmawati"),
        ("Batik Jaya Abadi", "Siti Maesaroh"),
        ("CV. Batik Sekar 7", "Siti Nurhaliza 7"),
    ],
)
def test_a_chain_a_namesake_and_a_sister_are_not(name: str, owner: str) -> None:
    assert not likeness(SEKAR, replace(SEKAR, name=name, owner=owner)).suspected


def test_the_likeness_says_which_part_is_alike() -> None:
    other = replace(SEKAR, owner="Bambang Prasojo", address="", province="ID-JT")
    found = likeness(SEKAR, other)
    assert found == Likeness(
        score=found.score, name=100, owner=found.owner, address=None, same_province=False
    )
    assert found.owner < 40


def test_a_number_that_differs_makes_another_name() -> None:
    first = replace(SEKAR, name="Koperasi Mekar 0041", owner="Wakil Mekar 0041")
    second = replace(SEKAR, name="Koperasi Mekar 0042", owner="Wakil Mekar 0042")
    assert likeness(first, first).score == 100
    assert not likeness(first, second).suspected


@given(TEXT, TEXT, TEXT, TEXT)
def test_likeness_is_the_same_from_both_sides(
    name: str, owner: str, other_name: str, other_owner: str
) -> None:
    left = replace(SEKAR, name=name, owner=owner)
    right = replace(SEKAR, name=other_name, owner=other_owner)
    found = likeness(left, right)
    assert found == likeness(right, left)
    parts = (found.score, found.name, found.owner)
    assert all(0 <= part <= 100 for part in parts)
    if name_words(name) and owner_words(owner):
        assert likeness(left, left).score == 100


def test_words_are_brought_to_one_spelling() -> None:
    assert spelled("soekarno") == spelled("sukarno")
    assert spelled("djoko") == spelled("joko")
    assert spelled("zaenal") == spelled("zainal")
    assert skeleton("melati") == skeleton("mellaty") != skeleton("mawar")
    assert owner_words("Hj. Siti, S.E.") == ("siti",)
    assert owner_words("H.") == ("h",)
    assert name_words("PT. Kopi Ç Tbk") == ("kopi", "c")


def test_no_plain_word_is_in_a_search_key() -> None:
    keys = search_keys(SEKAR.name, SEKAR.owner, KEYS)
    assert all(len(key) == 16 and set(key) <= set("0123456789abcdef") for key in keys)
    assert set(candidate_hashes(SEKAR.name, SEKAR.owner, KEYS)) < set(keys)
    assert set(word_hashes("kedaton", KEYS)) < set(keys)
    assert not set(word_hashes("keda", KEYS)) & set(keys)
    other_key = HashKeys((b"another key of a test, 32 bytes or more",))
    assert not set(search_keys(SEKAR.name, SEKAR.owner, other_key)) & set(keys)


def test_after_a_rotation_both_keys_find_it() -> None:
    before = search_keys(SEKAR.name, SEKAR.owner, KEYS)
    today = search_keys(SEKAR.name, SEKAR.owner, ROTATED)
    hashes = set(candidate_hashes(SEKAR.name, SEKAR.owner, ROTATED))
    assert hashes & set(before)
    assert hashes & set(today)
    assert not set(before) & set(today)
