"""The running parts of a service, and its claims: a value that only one aggregate may have.

`Service` stands on this. A route calls `claimed` around a command, and a loader of facts `claim`.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from shared.kernel.decider import Decider
from shared.kernel.errors import Busy, Problem, Refused
from shared.kernel.parts import Parts
from shared.service.engine import Engine
from shared.store import StoreError
from shared.store.claims import Claim
from shared.store.key_names import KeyNames

REMEDY = "check it, or use another"


@dataclass
class ServiceParts(Parts):
    """The declared parts of a service with what runs them, and its claims."""

    _engine: Engine | None = field(default=None, init=False, repr=False)
    _keys: KeyNames | None = field(default=None, init=False, repr=False)

    @property
    def is_open(self) -> bool:
        """True from the start to the stop."""
        return self._engine is not None

    @property
    def engine(self) -> Engine:
        """The running parts.

        Raises `RuntimeError` while the service is not open, and `Busy` while it waits for its
        version of the projection.
        """
        if self._engine is None:
            raise RuntimeError(f"service {self.name} is not running")
        self._engine.check_serving()
        return self._engine

    @property
    def keys(self) -> KeyNames:
        """The names of the keys with which this process hashes; only of a service that runs."""
        assert self._keys is not None, "a service has it from its start to its stop"
        return self._keys

    async def claim(
        self, decider: Decider[Any, Any, Any], id: str, key: str, entry: str, remedy: str = REMEDY
    ) -> Claim:
        """Take `key` (`NOUN/VALUE`: `nib/HASH`, `sp2d/NUMBER`) for an aggregate's `entry`, for all.

        The same owner and entry may claim again. Another owner is refused with `NOUN-taken`,
        unless the first owner's state does not have it (`claims` of its decider) and some minutes
        have passed or it claims nothing any more (`may_claim`): then the first owner died before
        it wrote, or has given it up, and the claim passes to the new owner. Raises `Refused`,
        `Busy`.
        """
        aggregates = self.engine.commands[decider.kind].aggregates
        holding_of = partial(aggregates.holding, key)
        claim = await self.engine.claims.take(key, owner=id, entry=entry, holding_of=holding_of)
        if claim is None:
            noun = key.partition("/")[0]
            raise Refused(f"{noun}-taken", f"This {noun} is taken already: {remedy}.")
        return claim

    async def owner(self, decider: Decider[Any, Any, Any], key: str) -> str | None:
        """Return the id of the aggregate whose state has this key for itself alone."""
        owner = await self.engine.claims.owner(key)
        state = (await self.engine.lookup.by_id(decider, owner)) if owner else None
        has_it = state is not None and key in decider.claims(state.state)
        return owner if has_it else None

    async def owners(self, decider: Decider[Any, Any, Any], keys: Iterable[str]) -> dict[str, str]:
        """Return the owner of each of these keys, as `owner` does, without its aggregate's check.

        For a forecast: the owner of a claim may not be written yet.
        """
        return await self.engine.claims.owners_of(list(keys))

    @asynccontextmanager
    async def claimed(
        self,
        decider: Decider[Any, Any, Any],
        id: str,
        entries: Mapping[str, str],
        remedy: str = REMEDY,
    ) -> AsyncIterator[None]:
        """Claim all of these keys for the entries of an aggregate, or none, around its command.

        If one of them is taken (`remedy` says what to do then), or the command is refused, this
        call releases them, and those on which no other call relies are free again. A process with
        a former key makes none (`Busy`; see `shared.store.key_names`).
        """
        claims: list[Claim] = []
        begun = False
        try:
            await self.keys.note()
            for key in sorted(entries):
                claims.append(await self.claim(decider, id, key, entries[key], remedy))
            await self.keys.check()
            begun = True
            yield
        except Problem as problem:
            # After `Busy` the command may have been written, and it will be sent again.
            if not (begun and isinstance(problem, Busy)):
                with suppress(StoreError):
                    await self.engine.claims.release(claims)
            raise
