"""Read how far behind a service is on the topics that it follows: in messages and in seconds.

Called by `shared.service.readings`, on a thread. The age of the oldest message that waits is found
by times alone: Kafka says which offset belongs to an instant, so no message is read, and a worker
that does not run is measured too. Every question has a short time-out; nothing is repeated here.
The client is this reader's own, and another one after each failure: a client whose broker has hung
may go on getting no answers, and the worker's must not come to that by questions for figures.
"""

import time
from collections.abc import Mapping, Sequence

from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from shared.kernel.wire import Partition
from shared.messaging.brokers import NO_OFFSET, BrokerUnavailable, answered
from shared.messaging.clientlog import CLIENT_LOG
from shared.messaging.connection import connection
from shared.messaging.topics import LATEST, topic_name
from shared.settings import Settings

TIMEOUT_SECONDS = 3.0
AGES_SECONDS = tuple(round(1.25**step, 3) for step in range(75))
"""The ages that are told apart: each a quarter above the last, from a second to half a year."""


class Lag:
    """The ends of topics, and the ages of what waits before them; blocking."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._admin: AdminClient | None = None

    def ends(self, partitions: Sequence[Partition]) -> dict[Partition, int]:
        """Return the end of each partition's log. Raises `BrokerUnavailable`."""
        return self._offsets(dict.fromkeys(partitions, LATEST))

    def ages(self, waiting: Mapping[Partition, int]) -> dict[Partition, float]:
        """Return for each partition the age of its message at this offset, in seconds.

        It is a quarter too low at most, and 0 below a second. The message must be there. Raises
        `BrokerUnavailable`.
        """
        now = time.time()
        # A message is at least as old as the first of these ages, and younger than the second.
        between = {partition: (-1, len(AGES_SECONDS)) for partition in waiting}
        step = 0
        while open_ := {part: ages for part, ages in between.items() if ages[1] - ages[0] > 1}:
            # Most of what waits came just now: the first question asks for the first age only.
            asked = {part: step and sum(ages) // 2 for part, ages in open_.items()}
            step = 1
            instants = {
                part: OffsetSpec.for_timestamp(int((now - AGES_SECONDS[age]) * 1000))
                for part, age in asked.items()
            }
            for part, offset in self._offsets(instants).items():
                low, high = open_[part]
                is_older = offset == NO_OFFSET or offset > waiting[part]
                between[part] = (asked[part], high) if is_older else (low, asked[part])
        return {part: AGES_SECONDS[low] if low >= 0 else 0.0 for part, (low, _) in between.items()}

    def _offsets(self, asked: Mapping[Partition, OffsetSpec]) -> dict[Partition, int]:
        namespace = self._settings.namespace
        topics = {topic_name(namespace, service): service for service, _ in asked}
        wanted = {
            TopicPartition(topic_name(namespace, service), number): which
            for (service, number), which in asked.items()
        }
        if not wanted:
            return {}
        admin = self._admin or AdminClient(connection(self._settings), logger=CLIENT_LOG)
        self._admin = None
        try:
            futures = admin.list_offsets(wanted, request_timeout=TIMEOUT_SECONDS)
            found = {
                (topics[partition.topic], partition.partition): answered(future.result().offset)
                for partition, future in futures.items()
            }
        except KafkaException as error:
            raise BrokerUnavailable(self._settings.kafka_bootstrap_servers) from error
        self._admin = admin
        return found
