"""`gelar rekey`: bring the hashes of all numbers to the newest key."""

import asyncio

import typer

from gelar.connection import connected, servers_needed
from gelar.words import plain, terminal
from services.registration.app import IDENTIFIER_KEY, service
from services.registration.domain.enterprise.decider import enterprise
from services.registration.domain.enterprise.rehashing import rehashed
from services.registration.domain.enterprise.state import identifier_claims
from shared.kernel.decider import Context, Origin
from shared.kernel.keys import HashKeys
from shared.settings import Settings
from shared.store.key_names import KeyNames

console = terminal()


@servers_needed()
def rotate_identifier_key() -> None:
    """Hash every enterprise's numbers with the newest key, beside the running service.

    First start every API of registration with the new key in KUKM_IDENTIFIER_KEY and the key that
    it replaces as the last line of KUKM_IDENTIFIER_KEYS_BEFORE, and run this with the same two. The
    former keys stay in KUKM_IDENTIFIER_KEYS_BEFORE for good. Interrupted or repeated, it does what
    is left.
    """
    settings = connected()
    if settings.identifier_key is None:
        typer.echo(f"{IDENTIFIER_KEY} is not set: give the newest key.", err=True)
        raise typer.Exit(1)
    done = asyncio.run(_rotate(settings, HashKeys(settings.identifier_keys)))
    console.print(plain(f"Enterprises whose numbers are hashed with the newest key: {done:,}."))


async def _rotate(settings: Settings, keys: HashKeys) -> int:
    done = 0
    api = settings.model_copy(update={"parts": frozenset({"api"})})
    async with service.opened(api):
        async for found in service.find_all(enterprise):
            if found.state is None:
                continue
            command = rehashed(found.state, keys)
            context = Context(
                now=service.engine.clock.now(),
                origin=Origin.SWEEP,
                actor=f"service:{service.name}",
                subject=found.id,
            )
            async with service.claimed(
                enterprise, found.id, identifier_claims(command.identifiers)
            ):
                await service.handle(enterprise, found.id, command, context)
            done += 1
        await KeyNames(service.engine.database).renew(IDENTIFIER_KEY, keys.names[-1])
    return done
