"""Keys and hashes of relations for tests: persons, offices and enterprises that are made up."""

from shared.contracts.relations import Relation, RelationKind
from shared.kernel.keys import HashKeys
from shared.kernel.relations import enterprise_hash, office_hash, person_hash

RELATION_KEYS = HashKeys((b"a key of relations for tests, 32 bytes",))
SARI, TONO = "3171015708850001", "3171011708850002"
"""The NIK of two persons."""
DINAS = "Dinas Koperasi dan UKM Jawa Barat"
NPWP = "0012345678901000"


def owner(nik: str = SARI, keys: HashKeys = RELATION_KEYS) -> Relation:
    """Return the relation of an owner."""
    return Relation(kind=RelationKind.OWNER, hash=person_hash(nik, keys))


def board_member(nik: str, keys: HashKeys = RELATION_KEYS) -> Relation:
    """Return the relation of a member of a cooperative's board."""
    return Relation(kind=RelationKind.BOARD, hash=person_hash(nik, keys))


def proposer(office: str = DINAS, keys: HashKeys = RELATION_KEYS) -> Relation:
    """Return the relation of the office that recommends."""
    return Relation(kind=RelationKind.PROPOSER, hash=office_hash(office, keys))


def itself(npwp: str = NPWP, keys: HashKeys = RELATION_KEYS) -> Relation:
    """Return the relation of the enterprise as an employer."""
    return Relation(kind=RelationKind.ENTERPRISE, hash=enterprise_hash(npwp, keys))
