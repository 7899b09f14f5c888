"""The keyed hashes of relations: equal for the same person or office, and only then."""

import pytest

from shared.contracts.relations import RelationKind
from shared.kernel.errors import Busy
from shared.kernel.keys import HashKeys
from shared.kernel.relations import (
    enterprise_hash,
    frozen_owners_of,
    office_hash,
    owners_of,
    person_hash,
    renewed_hash,
)
from tests.relations import DINAS, RELATION_KEYS, SARI, TONO, board_member, itself, owner, proposer

NEWER = HashKeys((*RELATION_KEYS.keys, b"the key that replaces it, 32 bytes too"))


def test_the_same_person_is_known_as_an_owner_and_as_a_member_of_a_board() -> None:
    assert owner(SARI).hash == board_member(SARI).hash == person_hash(SARI, RELATION_KEYS)
    assert owner(SARI).kind is not board_member(SARI).kind
    assert owner(SARI).hash != owner(TONO).hash


def test_a_person_an_office_and_an_enterprise_of_one_text_have_three_hashes() -> None:
    made = (person_hash, office_hash, enterprise_hash)
    assert len({make("3171015708850001", RELATION_KEYS) for make in made}) == 3


@pytest.mark.parametrize(
    "spelling",
    [
        "DINAS KOPERASI DAN UKM JAWA BARAT",
        "  dinas  koperasi & ukm   Jawa-Barat. ",
        "Dinas Koperasi\u00a0dan UKM, Jawa Barat",
        "Ｄinas Koperasi dan UKM Jawa Barat",
    ],
)
def test_an_office_is_known_in_other_spellings(spelling: str) -> None:
    assert proposer(spelling) == proposer(DINAS)


@pytest.mark.parametrize(
    "other", ["Dinas Koperasi dan UKM Jawa Timur", "Diskop UKM Jawa Barat", "Dinas Koperasi"]
)
def test_another_wording_is_another_office(other: str) -> None:
    assert proposer(other) != proposer(DINAS)


def test_a_hash_needs_the_key_and_shows_no_digit_of_the_number() -> None:
    other = HashKeys((b"another key of relations, of 32 bytes",))
    assert owner(SARI, other).hash != owner(SARI).hash
    assert SARI not in owner(SARI).model_dump_json()
    assert "key of relations" not in repr(RELATION_KEYS)


def test_a_frozen_hash_is_brought_to_the_newest_key() -> None:
    assert renewed_hash(owner(SARI).hash, NEWER) == person_hash(SARI, NEWER)
    assert renewed_hash(person_hash(SARI, NEWER), NEWER) == person_hash(SARI, NEWER)


def test_a_hash_of_an_unknown_key_compares_with_nothing() -> None:
    with pytest.raises(Busy, match="KUKM_RELATION_KEY") as refused:
        renewed_hash(person_hash(SARI, NEWER), RELATION_KEYS)
    assert refused.value.code == "relation-key-unknown"


def test_owners_are_compared_by_short_hashes_whatever_key_froze_them() -> None:
    relations = (owner(SARI), board_member(TONO), itself(), proposer())
    assert owners_of(relations, NEWER) == owners_of((owner(SARI, NEWER),), NEWER)
    (short,) = owners_of(relations, NEWER)
    assert len(short) == 16
    assert owners_of((board_member(SARI),), NEWER) == ()
    assert frozen_owners_of(relations) != frozen_owners_of((owner(SARI, NEWER),))
    assert {each.kind for each in relations} == set(RelationKind)
