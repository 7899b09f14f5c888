"""A member's partitions, as the coordinator of its group has given them.

Called by `shared.messaging.consumer`. A coordinator sends a member its share once. The client drops
an answer that takes longer than the interval of its heartbeats (5 seconds by default), and does not
ask for the share again: the member would keep what it had, and others would wait for it, until it
is started again. So a member looks from time to time at what the coordinator has written down.
"""

import asyncio
from collections.abc import Collection

from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, MemberAssignment

from shared.messaging.clientlog import CLIENT_LOG
from shared.messaging.connection import connection
from shared.settings import Settings

Held = frozenset[tuple[str, int]]
"""Topics and partitions."""

ANSWER_SECONDS_MAX = 5.0


class Membership:
    """The members of one group."""

    def __init__(self, settings: Settings, group: str) -> None:
        self._group = group
        self._admin = AdminClient(connection(settings), logger=CLIENT_LOG)

    async def misplaced(self, member: str, held: Held) -> Held:
        """Return the partitions that the member has and should not, or should have and has not.

        `member` is the client's id of it, and `held` what it has. During a rebalance there are such
        partitions for a moment; what no broker says just now is not counted.
        """
        asked = self._admin.describe_consumer_groups(
            [self._group], request_timeout=ANSWER_SECONDS_MAX
        )
        try:
            found = await asyncio.wrap_future(asked[self._group])
        except KafkaException:
            return frozenset()
        for described in found.members:
            if described.member_id == member:
                given = _partitions(described.assignment)
                meant = _partitions(described.target_assignment)
                return (held - meant) | (given - held)
        return frozenset()


def positions(partitions: Collection[TopicPartition]) -> Held:
    """Return the topics and numbers of the client's partitions."""
    return frozenset((str(position.topic), int(position.partition)) for position in partitions)


def _partitions(assignment: MemberAssignment | None) -> Held:
    return positions(assignment.topic_partitions) if assignment else frozenset()
