"""The pseudonyms of persons: the same for the same person, and never like a citizen's number."""

import re

from shared.kernel.pseudonyms import pseudonym

KEY = "a key of 32 characters at least."


def test_a_person_has_one_pseudonym_and_another_key_gives_another() -> None:
    assert pseudonym(KEY, "siti") == pseudonym(KEY, "siti")
    assert pseudonym(KEY, "siti") != pseudonym(KEY, "budi")
    assert pseudonym(KEY, "siti") != pseudonym(f"{KEY}.", "siti")


def test_no_pseudonym_has_a_digit_that_could_be_part_of_a_number() -> None:
    for number in range(10_000):
        assert re.fullmatch(r"p-[a-p]{20}", pseudonym(KEY, f"rep-{number}"))
