"""The kinds that each generation's mirrors have counted, and the topics that were read for it.

`following` holds `{_id: GROUP, kinds: [SERVICE/KIND]}` for each generation, and for the service
`{_id: "topics", ids: {SERVICE: ID}}`: Kafka gives each topic an id, and another one to a topic that
was made again under the same name. Called by `shared.store.inbox`.
"""

from collections.abc import Iterable, Mapping

from shared.kernel.errors import CannotStart
from shared.store.database import Database, Session

TOPICS = {"_id": "topics"}


class FollowsMore(CannotStart):
    """The service follows kinds that its mirrors have never counted: each would look like a gap."""


class Following:
    """The followed kinds and topics of one service."""

    def __init__(self, database: Database) -> None:
        self._collection = database.collection("following")

    async def check_kinds(self, group: str, kinds: Iterable[str]) -> None:
        """Note the kinds of a new generation. Raises `FollowsMore` if an old one lacks any."""
        followed = sorted(kinds)
        first = {"$setOnInsert": {"kinds": followed}}
        await self._collection.update_one({"_id": group}, first, upsert=True)
        counted = await self._collection.find_one({"_id": group})
        further = sorted(set(followed) - set(counted["kinds"]))
        if further:
            raise FollowsMore(
                f"{group} has never counted {', '.join(further)}: raise the service's "
                "version and rebuild its mirrors, or every subject there would look like a gap"
            )

    async def topics(self) -> dict[str, str]:
        """Return the ids of the topics that were read, by service."""
        ids: dict[str, str] = (await self._collection.find_one(TOPICS) or {"ids": {}})["ids"]
        return ids

    async def note_topics(self, ids: Mapping[str, str], session: Session | None = None) -> None:
        """Note the topics that are read from now on."""
        fields = {f"ids.{name}": id for name, id in ids.items()}
        if fields:
            update = {"$set": fields}
            await self._collection.update_one(TOPICS, update, upsert=True, session=session)
