"""Make and compare the keyed hashes of relations, so that a conflict needs no name. Pure.

A hash is of a person (by NIK), an office (by name) or an enterprise (by NPWP); that sort is hashed
too. So an owner compares with a board member and with a curator, because all are persons, and the
number of a person never with that of an enterprise. The part that someone has in an application is
no part of the hash: it lies beside it (`shared.contracts.relations`).

An office is compared by its name without regard to capitals, spaces and punctuation; `&` is `dan`.
Another wording of the same office, or an abbreviation, is another office: nothing guesses here.

A frozen hash keeps its key. Before two are compared, both are brought to the newest key.
"""

import re
from collections.abc import Iterable
from unicodedata import normalize

from shared.contracts.relations import Relation, RelationKind
from shared.kernel.errors import Busy
from shared.kernel.keys import HashKeys

SHORT = 16
"""The hexadecimal digits by which owners are compared within a selection."""


def person_hash(nik: str, keys: HashKeys) -> str:
    """Return the hash of a person by its NIK, of 16 digits."""
    return keys.hashes(f"PERSON:{nik}")[-1]


def office_hash(name: str, keys: HashKeys) -> str:
    """Return the hash of an office, an association or another employer by its name."""
    return keys.hashes(f"OFFICE:{_folded(name)}")[-1]


def enterprise_hash(npwp: str, keys: HashKeys) -> str:
    """Return the hash of an enterprise by its NPWP, of 16 digits."""
    return keys.hashes(f"ENTERPRISE:{npwp}")[-1]


def renewed_hash(old: str, keys: HashKeys) -> str:
    """Return the hash by the newest key; raises `Busy` for a key that this process does not have.

    Without the key nothing can be compared, and an unseen conflict would be no conflict.
    """
    try:
        return keys.renewed(old)
    except ValueError:
        raise Busy(
            "relation-key-unknown",
            "The relations of this application were hashed with a key that this service does not "
            "have: ask an operator to give registration and selection the same KUKM_RELATION_KEY "
            "and KUKM_RELATION_KEYS_BEFORE.",
        ) from None


def owners_of(relations: Iterable[Relation], keys: HashKeys) -> tuple[str, ...]:
    """Return a short hash of each owner, by the newest key: equal for equal persons."""
    owners = (each for each in relations if each.kind is RelationKind.OWNER)
    return frozen_owners_of(
        each.model_copy(update={"hash": renewed_hash(each.hash, keys)}) for each in owners
    )


def frozen_owners_of(relations: Iterable[Relation]) -> tuple[str, ...]:
    """Return a short hash of each owner as it was frozen, which needs no key.

    Those that different keys have frozen are different, also of one person.
    """
    owners = (each.hash for each in relations if each.kind is RelationKind.OWNER)
    return tuple(sorted({each.partition(".")[2][:SHORT] for each in owners}))


def _folded(name: str) -> str:
    plain = normalize("NFKC", name).casefold().replace("&", " dan ")
    return " ".join(re.findall(r"\w+", plain))
