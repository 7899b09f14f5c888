"""Give claims up: after a command that takes a value out of a state, its claim is released.

Another owner may then claim the value at once. A claim that a request has made again is left, since
that request may be about to write: another owner takes it over after some minutes (`Claims`). So a
claim is released only if it was made by the write that the state had, and by nothing later. Called
by routes, around `Service.handle`.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from shared.kernel.decider import Decider
from shared.kernel.errors import Problem
from shared.service.service import Service
from shared.store import StoreError
from shared.store.claims import Claim


@asynccontextmanager
async def giving_up(
    service: Service, decider: Decider[Any, Any, Any], id: str, entries: Mapping[str, str]
) -> AsyncIterator[None]:
    """Release the claims of these entries that the state has before its command and not after it.

    Nothing is released if the command is refused.
    """
    held = await _held(service, decider, id, entries)
    yield
    if held:
        with suppress(StoreError, Problem):
            state = await service.load(decider, id)
            left = decider.claims(state)
            gone = [claim for claim in held if left.get(claim.key) != claim.entry]
            await service.engine.claims.release(gone)


async def _held(
    service: Service, decider: Decider[Any, Any, Any], id: str, entries: Mapping[str, str]
) -> list[Claim]:
    """Return the claims that were made once, by a write that the state has.

    The claims are read first. A claim that was made once belongs to a single request; a state that
    has its entry afterwards has it from that request, which is then over.
    """
    claims = [
        claim
        for key in sorted(entries)
        if (claim := await service.engine.claims.made_once(key, owner=id, entry=entries[key]))
    ]
    if not claims:
        return []
    has = decider.claims(await service.load(decider, id))
    return [claim for claim in claims if has.get(claim.key) == claim.entry]
