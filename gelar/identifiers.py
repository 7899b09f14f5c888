"""`gelar rekey`: bring the hashes of all numbers to the newest key."""

import asyncio
from dataclasses import dataclass

import typer

from gelar.connection import connected, servers_needed
from gelar.words import plain, terminal
from services.registration.app import IDENTIFIER_KEY, service
from services.registration.domain.enterprise.decider import enterprise
from services.registration.domain.enterprise.rehashing import RehashIdentifiers, rehashed
from services.registration.domain.enterprise.state import identifier_claims
from shared.kernel.decider import Context, Origin
from shared.kernel.errors import Refused
from shared.kernel.keys import HashKeys
from shared.settings import Settings

console = terminal()
IN_FLIGHT = "No enterprise has it yet: run this again in five minutes."


@dataclass
class Rehashing:
    """The number of enterprises that were brought to the newest key; why the others were left."""

    done: int
    left: list[str]


@servers_needed()
def rotate_identifier_key() -> None:
    """Hash every enterprise's numbers with the newest key, beside the running service.

    First start every API of registration with the new key in KUKM_IDENTIFIER_KEY and the key that
    it replaces as the last line of KUKM_IDENTIFIER_KEYS_BEFORE, and run this with the same two. The
    former keys stay in KUKM_IDENTIFIER_KEYS_BEFORE for good. Interrupted or repeated, it does what
    is left. An enterprise whose number another one has is left as it is: both are named, and the
    command ends with 1.
    """
    settings = connected()
    if settings.identifier_key is None:
        typer.echo(f"{IDENTIFIER_KEY} is not set: give the newest key.", err=True)
        raise typer.Exit(1)
    rehashing = asyncio.run(_rotate(settings, HashKeys(settings.identifier_keys)))
    for line in rehashing.left:
        typer.echo(line, err=True)
    console.print(
        plain(f"Enterprises whose numbers are hashed with the newest key: {rehashing.done:,}.")
    )
    if rehashing.left:
        typer.echo(
            f"Enterprises that were left with their former hashes: {len(rehashing.left):,}. They "
            "are named above: find out to which of the two the number belongs "
            "(docs/operations/keys.md).",
            err=True,
        )
        raise typer.Exit(1)


async def _rotate(settings: Settings, keys: HashKeys) -> Rehashing:
    rehashing = Rehashing(done=0, left=[])
    api = settings.model_copy(update={"parts": frozenset({"api"})})
    async with service.opened(api):
        # From now on no process with a former key registers an enterprise.
        await service.keys.note()
        async for found in service.find_all(enterprise):
            if found.state is None:
                continue
            left = await _rehash(found.id, rehashed(found.state, keys))
            if left is None:
                rehashing.done += 1
            else:
                rehashing.left.append(left)
    return rehashing


async def _rehash(id: str, command: RehashIdentifiers) -> str | None:
    """Bring one enterprise to the newest key; return why it is left as it is, or None."""
    context = Context(
        now=service.engine.clock.now(),
        origin=Origin.SWEEP,
        actor=f"service:{service.name}",
        subject=id,
    )
    claims = identifier_claims(command.identifiers)
    try:
        async with service.claimed(enterprise, id, claims):
            await service.handle(enterprise, id, command, context)
    except Refused as refusal:
        return await _conflict(id, claims) or f"Enterprise {id}: {refusal.sentence} {IN_FLIGHT}"
    return None


async def _conflict(id: str, claims: dict[str, str]) -> str | None:
    """Return which other enterprises have numbers of this one, in words, if there are any."""
    owners = {kind: await service.owner(enterprise, claim) for claim, kind in claims.items()}
    others = [
        f"its {kind} is that of enterprise {owner}"
        for kind, owner in sorted(owners.items())
        if owner not in (None, id)
    ]
    return f"Enterprise {id}: {', '.join(others)}." if others else None
