"""The rule that brings the hashes of an enterprise's numbers to a new key.

Called by `gelar rekey`, once for each enterprise. The numbers themselves are not
needed, and are not there (`shared.kernel.keys`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.registration.domain.duplicates.search_keys import search_keys
from services.registration.domain.enterprise.registration import Hash
from services.registration.domain.enterprise.state import Enterprise
from shared.contracts.registration.enterprise import EnterpriseEvent, IdentifiersRehashed
from shared.kernel.decider import Context, Refused
from shared.kernel.keys import HashKeys

# Commands


@dataclass(frozen=True, kw_only=True)
class RehashIdentifiers:
    """Replace the hash of each number, and those by which it is found, by hashes of the new key."""

    identifiers: dict[str, Hash] = field(repr=False)
    search_keys: tuple[str, ...] = field(default=(), repr=False)


# Rules


def rehashed(state: Enterprise, keys: HashKeys) -> RehashIdentifiers:
    """Return the command for an enterprise; raises `ValueError` if it has a hash of another key."""
    return RehashIdentifiers(
        identifiers={kind: keys.renewed(old) for kind, old in state.identifiers.items()},
        search_keys=search_keys(state.name, state.representative, keys),
    )


def rehash_identifiers(
    command: RehashIdentifiers, state: Enterprise, context: Context
) -> Sequence[EnterpriseEvent]:
    """Replace all hashes, none more and none less; do nothing if they are today's."""
    if set(command.identifiers) != set(state.identifiers):
        raise Refused("wrong-identifiers", "These are not the hashes of this enterprise's numbers.")
    if (command.identifiers, command.search_keys) == (state.identifiers, state.search_keys):
        return []
    return [
        IdentifiersRehashed(
            enterprise=context.subject,
            identifiers=command.identifiers,
            search_keys=command.search_keys,
        )
    ]
