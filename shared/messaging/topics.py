"""The four public topics: created at start with the right configuration, or refused.

Event topics keep everything for ever and are never compacted; the number of partitions is fixed,
because a subject's order hangs on it. A topic that exists otherwise stops the start with an error
that says what was found and what to do.
"""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

from confluent_kafka import KafkaError, KafkaException, TopicCollection, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic, OffsetSpec, ResourceType

from shared.kernel.errors import CannotStart
from shared.messaging.clientlog import CLIENT_LOG
from shared.settings import Settings

WANTED = {"cleanup.policy": "delete", "retention.ms": "-1"}
MESSAGE_BYTES_MIN = 1_000_000
"""What the client sends in one request at most. A request that the topic finds too large would be
refused, and the next one taken: a hole."""

T = TypeVar("T")
TIMEOUT_SECONDS = 20.0
REACH_SECONDS = 5.0
VISIBLE_POLL_SECONDS = 0.05
LATEST = OffsetSpec.latest()  # type: ignore[no-untyped-call]  # the client's stub lacks it


class TopicMismatch(CannotStart):
    """A topic exists with another configuration than this system can be trusted with."""


class BrokerUnavailable(Exception):
    """No broker answers."""


def topic_name(namespace: str, service: str) -> str:
    """Return the topic on which a service publishes."""
    return f"{namespace}-kukm.{service}.v1" if namespace else f"kukm.{service}.v1"


class Topics:
    """Administration of topics; blocking, to be called from a thread."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._admin = AdminClient(
            {"bootstrap.servers": settings.kafka_bootstrap_servers}, logger=CLIENT_LOG
        )

    def existing(self, services: Iterable[str]) -> list[str]:
        """Return those of these services whose topic exists.

        Raises `BrokerUnavailable` where no broker answers within some seconds.
        """
        try:
            found = self._admin.list_topics(timeout=REACH_SECONDS).topics
        except KafkaException as error:
            raise BrokerUnavailable(self._settings.kafka_bootstrap_servers) from error
        return [
            service
            for service in services
            if topic_name(self._settings.namespace, service) in found
        ]

    def ensure(self, services: list[str]) -> None:
        """Create the topics of these services where they are missing and check those that exist.

        Raises `TopicMismatch`.
        """
        names = [topic_name(self._settings.namespace, service) for service in services]
        wanted = [
            NewTopic(
                name,
                num_partitions=self._settings.partitions,
                replication_factor=self._settings.replication_factor,
                config=WANTED,
            )
            for name in names
        ]
        for future in self._admin.create_topics(wanted, request_timeout=TIMEOUT_SECONDS).values():
            _unless_exists(future)
        self._check(names)

    def delete(self, services: list[str]) -> None:
        """Delete these services' topics (demonstrations and tests)."""
        names = [topic_name(self._settings.namespace, service) for service in services]
        for future in self._admin.delete_topics(names, request_timeout=TIMEOUT_SECONDS).values():
            try:
                future.result(TIMEOUT_SECONDS)
            except KafkaException as error:
                if error.args[0].code() != KafkaError.UNKNOWN_TOPIC_OR_PART:
                    raise

    def ends(self, services: list[str]) -> dict[tuple[str, int], int]:
        """Return the end of the log of every partition of these services' topics."""
        latest = {
            TopicPartition(topic_name(self._settings.namespace, service), number): LATEST
            for service in services
            for number in range(self._settings.partitions)
        }
        names = {topic_name(self._settings.namespace, service): service for service in services}

        def read() -> dict[tuple[str, int], int]:
            futures = self._admin.list_offsets(latest, request_timeout=TIMEOUT_SECONDS)
            return {
                (names[partition.topic], partition.partition): future.result().offset
                for partition, future in futures.items()
            }

        return _patiently(read, before_again=self._ask_for_leaders)

    def _ask_for_leaders(self) -> None:
        # The client would go on asking with the leader's epoch that it once read, for minutes.
        with suppress(KafkaException):
            self._admin.list_topics(timeout=REACH_SECONDS)

    def _check(self, names: list[str]) -> None:
        for name in names:
            found = self._partitions(name)
            if found != self._settings.partitions:
                raise TopicMismatch(
                    f"topic {name} has {found} partitions, KUKM_PARTITIONS says "
                    f"{self._settings.partitions}: set it to {found}; partitions are never "
                    "changed in place, because the order of events hangs on them"
                )
        resources = [ConfigResource(ResourceType.TOPIC, name) for name in names]
        found_all = _patiently(
            lambda: {
                resource.name: future.result()
                for resource, future in self._admin.describe_configs(resources).items()
            }
        )
        for name in names:
            _compare(name, found_all[name])

    def _partitions(self, name: str) -> int:
        topics = TopicCollection([name])
        return _patiently(
            lambda: len(self._admin.describe_topics(topics)[name].result().partitions)
        )


def _patiently(ask: Callable[[], T], before_again: Callable[[], None] = lambda: None) -> T:
    # A topic that was created just now is not in every broker's metadata at once, and a busy broker
    # answers late: both pass.
    give_up_at = time.monotonic() + TIMEOUT_SECONDS
    while True:
        try:
            return ask()
        except KafkaException as error:
            if not _passing(error.args[0]) or time.monotonic() > give_up_at:
                raise
        time.sleep(VISIBLE_POLL_SECONDS)
        before_again()


def _passing(error: KafkaError) -> bool:
    return error.retriable() or error.code() in (
        KafkaError.UNKNOWN_TOPIC_OR_PART,
        KafkaError.LEADER_NOT_AVAILABLE,
        KafkaError.NOT_LEADER_FOR_PARTITION,
        KafkaError.FENCED_LEADER_EPOCH,
        KafkaError.UNKNOWN_LEADER_EPOCH,
        KafkaError.REQUEST_TIMED_OUT,
        KafkaError._TIMED_OUT,
        KafkaError._TRANSPORT,
    )


def _unless_exists(future: "Future[Any]") -> None:
    try:
        future.result(TIMEOUT_SECONDS)
    except KafkaException as error:
        if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
            raise


def _compare(topic: str, found: dict[str, Any]) -> None:
    if int(found["max.message.bytes"].value) < MESSAGE_BYTES_MIN:
        raise TopicMismatch(
            f"topic {topic} has max.message.bytes={found['max.message.bytes'].value}, but requests "
            f"are as large as {MESSAGE_BYTES_MIN}: set it higher (kafka-configs --alter)"
        )
    for name, value in WANTED.items():
        if found[name].value != value:
            raise TopicMismatch(
                f"topic {topic} has {name}={found[name].value}, but events are kept for ever and "
                f"whole: set {name}={value} (kafka-configs --alter) and start again"
            )
