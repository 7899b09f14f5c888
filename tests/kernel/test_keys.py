"""Keyed hashes name their key, and are brought to a new key without what they were made of."""

import hmac

import pytest

from shared.kernel.keys import HashKeys

OLD, NEW = b"the first key of a test, long enough", b"the second key of a test, as long"
ONE, BOTH = HashKeys((OLD,)), HashKeys((OLD, NEW))


def hashed(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), "sha256").hexdigest()


def test_the_last_key_makes_todays_hash_of_the_hash_of_the_key_before() -> None:
    first = hashed(OLD, "NIB:8120001234567")
    (only,) = ONE.hashes("NIB:8120001234567")
    before, today = BOTH.hashes("NIB:8120001234567")
    assert only == before == f"{ONE.names[0]}.{first}"
    assert today == f"{BOTH.names[1]}.{hashed(NEW, first)}"


def test_a_hash_is_renewed_without_its_text() -> None:
    (old,) = ONE.hashes("NIB:8120001234567")
    today = BOTH.hashes("NIB:8120001234567")[-1]
    assert BOTH.renewed(old) == today
    assert BOTH.renewed(today) == today
    three = HashKeys((OLD, NEW, b"a third key of a test, of the same kind"))
    assert three.renewed(old) == three.renewed(today) == three.hashes("NIB:8120001234567")[-1]


def test_a_hash_of_an_unknown_key_is_not_renewed() -> None:
    (other,) = HashKeys((NEW,)).hashes("NIB:8120001234567")
    with pytest.raises(ValueError, match="no key is named"):
        BOTH.renewed(other)


def test_a_name_tells_keys_and_their_order_apart() -> None:
    names = {HashKeys(keys).names for keys in ((OLD,), (NEW,), (OLD, NEW), (NEW, OLD))}
    assert len({name[-1] for name in names}) == 4
    assert BOTH.names[0] == ONE.names[0]
    assert OLD.decode() not in repr(BOTH)
