"""An enterprise is known by all of its numbers, or the row is refused."""

import pytest

from services.registration.domain.enterprise.registration import register_enterprise
from services.registration.domain.enterprise.state import Enterprise, evolve
from services.registration.domain.imports.recognition import (
    require_one_owner,
    require_same_numbers,
)
from services.registration.domain.imports.rows import RowCommands, read_rows
from shared.kernel.errors import Refused
from shared.kernel.keys import HashKeys
from shared.tables import read_grid
from tests.given import context
from tests.registration.registry import numbers
from tests.registration.spreadsheets import csv_of, row
from tests.relations import RELATION_KEYS

OLD, BOTH = HashKeys((b"old",)), HashKeys((b"old", b"new"))


def commands(keys: HashKeys, **changes: str) -> RowCommands:
    """Return the commands of a row, hashed with these keys."""
    grid = read_grid(csv_of([row(0, **changes)]), sheet="Data", rows_max=9, columns_max=40)
    found = read_rows(grid, keys, relation_keys=RELATION_KEYS)[0].commands
    assert found is not None
    return found


def known(keys: HashKeys, **changes: str) -> Enterprise:
    """Return the enterprise that such a row has registered."""
    (registered,) = register_enterprise(
        commands(keys, **changes).registration, None, context(subject="e-1")
    )
    return evolve(None, registered)


def test_it_is_known_by_the_same_numbers_whatever_key_hashed_them() -> None:
    for keys in (OLD, BOTH):
        require_same_numbers(known(keys), commands(BOTH).hashes)


def test_it_is_known_without_a_nib_on_either_side() -> None:
    require_same_numbers(known(OLD, nib=""), commands(OLD).hashes)
    require_same_numbers(known(OLD), commands(OLD, nib="").hashes)


@pytest.mark.parametrize("name", ["npwp", "nik", "nib"])
def test_another_number_is_refused(name: str) -> None:
    with pytest.raises(Refused, match="numbers-differ"):
        require_same_numbers(known(OLD), commands(OLD, **{name: numbers(1)[name]}).hashes)


def test_numbers_of_several_enterprises_are_refused() -> None:
    assert require_one_owner(["a", "a"]) == "a"
    with pytest.raises(Refused, match="numbers-of-several"):
        require_one_owner(["a", "b"])
