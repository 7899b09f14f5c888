"""The enterprise (Pelaku Usaha, Koperasi included): its commands, each passed to its rule.

`registration` registers an enterprise, once; at any time after that `profile` revises its profile,
`sanctions` imposes and lifts its sanctions, and `consents` records what else its data may be used
for; `rehashing` brings the hashes of its numbers to another key. `state` folds the events. Its
documents are aggregates of their own (`domain/document`).
"""

from collections.abc import Sequence
from typing import assert_never

from services.registration.domain.enterprise.consents import (
    GiveConsent,
    WithdrawConsent,
    decide_consent,
)
from services.registration.domain.enterprise.profile import ReviseProfile
from services.registration.domain.enterprise.registration import (
    RegisterEnterprise,
    register_enterprise,
)
from services.registration.domain.enterprise.rehashing import (
    RehashIdentifiers,
    rehash_identifiers,
)
from services.registration.domain.enterprise.sanctions import (
    ImposeSanction,
    LiftSanction,
    decide_sanction,
)
from services.registration.domain.enterprise.state import Enterprise, claims, evolve
from shared.contracts.registration.enterprise import EnterpriseEvent
from shared.kernel.decider import Context, Decider, absent

CommandWithoutFacts = (
    RegisterEnterprise
    | ImposeSanction
    | LiftSanction
    | GiveConsent
    | WithdrawConsent
    | RehashIdentifiers
)
"""The commands that `decide` handles; the route names the rule of `ReviseProfile`."""

# Rules


def decide(
    command: CommandWithoutFacts, state: Enterprise | None, context: Context
) -> Sequence[EnterpriseEvent]:
    """Register an enterprise once; everything else is at any time after that."""
    match command:
        case RegisterEnterprise():
            return register_enterprise(command, state, context)
        case _ if state is None:
            return absent(context, "enterprise")
        case ImposeSanction() | LiftSanction():
            return decide_sanction(command, state, context)
        case GiveConsent() | WithdrawConsent():
            return decide_consent(command, state, context)
        case RehashIdentifiers():
            return rehash_identifiers(command, state, context)
        case _:
            assert_never(command)


PROVINCE = "province.iso"
"""The field by which the enterprises of a province are found, whatever system named it."""

PHOTOGRAPHS = "products.photographs"
"""The field by which the enterprise is found whose product a file shows."""

enterprise = Decider(
    kind="enterprise",
    commands=CommandWithoutFacts | ReviseProfile,
    state=Enterprise | None,
    events=EnterpriseEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    claims=claims,
    indexes=("registered_by", "search_keys", PROVINCE, "sector", "cooperative", PHOTOGRAPHS),
    revision=7,
)
