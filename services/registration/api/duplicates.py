"""Find duplicates of an enterprise, and record them as suspicions.

Called by the routes of a registration, a revision and a search, after their own write. A process
that dies between the two, and a search that is busy, leave the pair to the next search of an
officer. A suspicion is recorded by the service itself: who registered an enterprise suspects no
other.
"""

from collections.abc import Mapping

from services.registration.domain.duplicates.likeness import Profile, likeness
from services.registration.domain.duplicates.search_keys import CANDIDATES_MAX, candidate_hashes
from services.registration.domain.enterprise.decider import enterprise
from services.registration.domain.enterprise.identifiers import hash_identifiers
from services.registration.domain.enterprise.registration import RegistrationForm
from services.registration.domain.enterprise.state import Enterprise, identifier_claim
from services.registration.domain.suspicion.decider import (
    SuspectDuplicate,
    attempt_id,
    suspicion,
)
from shared.contracts.ids import suspicion_id
from shared.contracts.registration.suspicion import (
    LikenessFound,
    RefusedParty,
    SuspicionGround,
)
from shared.kernel.decider import Context, Origin
from shared.kernel.keys import HashKeys
from shared.service import Service


async def group_of(service: Service, id: str) -> tuple[str, ...]:
    """Return the enterprise and all that are confirmed to be the same, in order of id.

    The first is the leading one: the group takes its turns under its name.
    """
    group, waiting = {id}, [id]
    while waiting:
        member = waiting.pop()
        async for found in service.find_all(suspicion, joined=member):
            others = set(found.state.joined if found.state else ()) - group
            group |= others
            waiting += others
    return tuple(sorted(group))


async def suspect_alike(service: Service, id: str, keys: HashKeys, context: Context) -> list[str]:
    """Record a suspicion with each enterprise that is like this one; return the new ones."""
    state = await service.load(enterprise, id)
    if state is None:
        return []
    own, recorded = _profile(state), []
    for other, candidate in sorted((await _candidates(service, id, state, keys)).items()):
        found = likeness(own, _profile(candidate))
        if found.suspected:
            command = SuspectDuplicate(
                ground=SuspicionGround.LIKENESS,
                likeness=LikenessFound(
                    score=found.score,
                    name=found.name,
                    owner=found.owner,
                    address=found.address,
                    same_province=found.same_province,
                ),
            )
            recorded += await _record(service, suspicion_id(id, other), command, context)
    return recorded


async def suspect_taken(
    service: Service, form: RegistrationForm, keys: HashKeys, context: Context
) -> list[str]:
    """Record a refused registration with each enterprise that has one of its numbers.

    A registrar that has lost the answer of its registration, and sends it again, is suspected of
    nothing: it registered the enterprise, and gives the same numbers.
    """
    hashes = hash_identifiers(form.identifiers, keys)
    taken: dict[str, list[str]] = {}
    for kind, of_kind in hashes.items():
        for hashed in of_kind:
            owner = await service.owner(enterprise, identifier_claim(kind, hashed))
            if owner is not None:
                taken.setdefault(owner, []).append(kind)
    party, recorded = attempt_id(context.actor, hashes), list[str]()
    for owner, kinds in sorted(taken.items()):
        state = await service.load(enterprise, owner)
        if state is None or _repeats(state, hashes, context):
            continue
        attempt = RefusedParty(
            name=form.name,
            representative=form.representative,
            address=form.address or "",
            province=form.province,
            numbers=tuple(sorted(set(kinds))),
            registrar=context.actor,
        )
        command = SuspectDuplicate(ground=SuspicionGround.NUMBER, refused=party, attempt=attempt)
        recorded += await _record(service, suspicion_id(owner, party), command, context)
    return recorded


def _repeats(state: Enterprise, hashes: Mapping[str, tuple[str, ...]], context: Context) -> bool:
    same = set(state.identifiers) == set(hashes) and all(
        state.identifiers[kind] in of_kind for kind, of_kind in hashes.items()
    )
    return same and state.registered_by == context.actor


async def _candidates(
    service: Service, id: str, state: Enterprise, keys: HashKeys
) -> dict[str, Enterprise]:
    hashes = candidate_hashes(state.name, state.representative, keys)
    # What most enterprises share is not read: it finds nothing.
    alike = await service.find_sharing(enterprise, "search_keys", hashes, at_most=CANDIDATES_MAX)
    return {found.id: found.state for found in alike if found.state is not None and found.id != id}


def _profile(state: Enterprise) -> Profile:
    return Profile(
        name=state.name,
        owner=state.representative,
        address=state.address,
        province=state.province.iso,
    )


async def _record(
    service: Service, id: str, command: SuspectDuplicate, context: Context
) -> list[str]:
    of_service = Context(
        now=context.now,
        origin=Origin.SWEEP,
        actor=f"service:{service.name}",
        correlation_id=context.correlation_id,
        traceparent=context.traceparent,
    )
    answer = await service.handle(suspicion, id, command, of_service)
    return [id] if answer.events else []
