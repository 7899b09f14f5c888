"""The four public topics: checked at every start, and created by `apply` where they are missing.

Event topics keep everything for ever and are never compacted; the number of partitions is fixed,
because a subject's order hangs on it. An acknowledged event lies on two brokers at least, except on
a single local node. A topic that is otherwise stops the start with an error that says what was
found and what to do. A start needs no right to create topics; only on a local machine it creates
them itself.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any

from confluent_kafka import (
    KafkaError,
    KafkaException,
    TopicCollection,
    TopicPartition,
)
from confluent_kafka.admin import (
    AdminClient,
    ConfigResource,
    NewTopic,
    OffsetSpec,
    ResourceType,
    TopicDescription,
)

from shared.kernel.errors import CannotStart
from shared.messaging.asking import patiently
from shared.messaging.brokers import (
    BrokerUnavailable,
    Refusals,
    answered,
    check_version,
)
from shared.messaging.clientlog import CLIENT_LOG
from shared.messaging.connection import connection
from shared.messaging.durability import IN_SYNC_MIN, WANTED, differences
from shared.settings import Settings

TIMEOUT_SECONDS = 20.0
REACH_SECONDS = 5.0
LATEST = OffsetSpec.latest()  # type: ignore[no-untyped-call]  # the client's stub lacks it
EARLIEST = OffsetSpec.earliest()  # type: ignore[no-untyped-call]  # the client's stub lacks it


class TopicMismatch(CannotStart):
    """A topic exists with another configuration than this system can be trusted with."""


def topic_name(namespace: str, service: str) -> str:
    """Return the topic on which a service publishes."""
    return f"{namespace}-kukm.{service}.v1" if namespace else f"kukm.{service}.v1"


class Topics:
    """Administration of topics; blocking, to be called from a thread."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._refusals = Refusals()
        configuration = {**connection(settings), "error_cb": self._refusals.note}
        self._admin = AdminClient(configuration, logger=CLIENT_LOG)

    def existing(self, services: Iterable[str]) -> list[str]:
        """Return those of these services whose topic exists.

        Raises `BrokerUnavailable` where no broker answers within some seconds, and `BrokerRefuses`
        where one does not let this process in.
        """
        try:
            found = self._admin.list_topics(timeout=REACH_SECONDS).topics
        except KafkaException as error:
            self._refusals.check(self._admin, self._settings.kafka_bootstrap_servers)
            raise BrokerUnavailable(self._settings.kafka_bootstrap_servers) from error
        return [
            service
            for service in services
            if topic_name(self._settings.namespace, service) in found
        ]

    def prepare(self, services: list[str]) -> None:
        """Check these services' topics at a start; on a local machine create the missing first.

        Raises `TopicMismatch`, `TooOld`, `BrokerRefuses`, and `BrokerUnavailable` where no broker
        answers in some seconds.
        """
        self.existing(services)
        check_version(self._settings)
        if self._settings.environment == "local":
            self.apply(services)
        else:
            self.check(services)

    def apply(self, services: list[str]) -> list[str]:
        """Create the topics of these services that are missing, check all, return the new names.

        Raises `TopicMismatch`.
        """
        missing = [name for name in self._names(services) if self._described(name) is None]
        wanted = [
            NewTopic(
                name,
                num_partitions=self._settings.partitions,
                replication_factor=self._settings.replication_factor,
                config=WANTED | {"min.insync.replicas": str(self._in_sync_min)},
            )
            for name in missing
        ]
        if wanted:
            created = self._admin.create_topics(wanted, request_timeout=TIMEOUT_SECONDS)
            for name, future in created.items():
                _unless_exists(name, future)
                patiently(partial(self._describe, name))
        self.check(services)
        return missing

    def check(self, services: list[str]) -> None:
        """Compare the topics of these services with what events need. Raises `TopicMismatch`."""
        faults = self.faults(services)
        if faults:
            raise TopicMismatch("; ".join(faults))

    def faults(self, services: list[str]) -> list[str]:
        """Return a sentence for every fault of these services' topics."""
        names = self._names(services)
        described = {name: self._described(name) for name in names}
        faults = [
            f"topic {name} is missing: run `gelar topics apply` with the right to create topics"
            for name, found in described.items()
            if found is None
        ]
        present = {name: found for name, found in described.items() if found is not None}
        configurations = self._configurations(list(present))
        for name, found in present.items():
            faults += self._differences(name, found)
            faults += differences(name, configurations[name], self._in_sync_min)
        return faults

    def ids(self, services: Sequence[str]) -> dict[str, str]:
        """Return the id of the topic of each service that has one. Raises `BrokerUnavailable`."""
        try:
            found = {
                name: self._described(topic)
                for name, topic in zip(services, self._names(services), strict=True)
            }
        except KafkaException as error:
            raise BrokerUnavailable(self._settings.kafka_bootstrap_servers) from error
        return {name: str(topic.topic_id) for name, topic in found.items() if topic}

    def delete(self, services: list[str]) -> None:
        """Delete these services' topics (demonstrations and tests)."""
        names = [topic_name(self._settings.namespace, service) for service in services]
        for future in self._admin.delete_topics(names, request_timeout=TIMEOUT_SECONDS).values():
            try:
                future.result(TIMEOUT_SECONDS)
            except KafkaException as error:
                if error.args[0].code() != KafkaError.UNKNOWN_TOPIC_OR_PART:
                    raise

    def ends(self, services: Sequence[str]) -> dict[tuple[str, int], int]:
        """Return the end of the log of every partition of these services' topics.

        Raises `BrokerUnavailable`.
        """
        return self._offsets(services, LATEST)

    def begins(self, services: Sequence[str]) -> dict[tuple[str, int], int]:
        """Return the first offset of every partition; above 0 where the log lost its beginning.

        Raises `BrokerUnavailable`.
        """
        return self._offsets(services, EARLIEST)

    def _offsets(self, services: Sequence[str], which: Any) -> dict[tuple[str, int], int]:
        asked = {
            TopicPartition(topic_name(self._settings.namespace, service), number): which
            for service in services
            for number in range(self._settings.partitions)
        }
        names = {topic_name(self._settings.namespace, service): service for service in services}

        def read() -> dict[tuple[str, int], int]:
            futures = self._admin.list_offsets(asked, request_timeout=TIMEOUT_SECONDS)
            return {
                (names[partition.topic], partition.partition): answered(future.result().offset)
                for partition, future in futures.items()
            }

        try:
            return patiently(read, before_again=self._ask_for_leaders)
        except KafkaException as error:
            raise BrokerUnavailable(self._settings.kafka_bootstrap_servers) from error

    def _ask_for_leaders(self) -> None:
        # The client would go on asking with the leader's epoch that it once read, for minutes.
        with suppress(KafkaException):
            self._admin.list_topics(timeout=REACH_SECONDS)

    @property
    def _in_sync_min(self) -> int:
        return IN_SYNC_MIN if self._settings.replication_factor > IN_SYNC_MIN else 1

    def _names(self, services: Sequence[str]) -> list[str]:
        return [topic_name(self._settings.namespace, service) for service in services]

    def _differences(self, name: str, found: TopicDescription) -> list[str]:
        faults = []
        partitions, wanted = len(found.partitions), self._settings.partitions
        if partitions != wanted:
            faults.append(
                f"topic {name} has {partitions} partitions, KUKM_PARTITIONS says {wanted}: set it "
                f"to {partitions}; partitions are never changed in place, because the order of "
                "events hangs on them"
            )
        fewest = min(len(partition.replicas) for partition in found.partitions)
        if fewest < self._settings.replication_factor:
            faults.append(
                f"topic {name} has {fewest} replicas, KUKM_REPLICATION_FACTOR says "
                f"{self._settings.replication_factor}: add replicas (kafka-reassign-partitions)"
            )
        return faults

    def _described(self, name: str) -> TopicDescription | None:
        # A missing topic is not asked for again: an answer that it is missing is an answer.
        try:
            return patiently(partial(self._describe, name), but=(KafkaError.UNKNOWN_TOPIC_OR_PART,))
        except KafkaException as error:
            if error.args[0].code() == KafkaError.TOPIC_AUTHORIZATION_FAILED:
                raise _not_allowed("describe", [name]) from error
            if error.args[0].code() != KafkaError.UNKNOWN_TOPIC_OR_PART:
                raise
            return None

    def _describe(self, name: str) -> TopicDescription:
        asked = self._admin.describe_topics(TopicCollection([name]))
        found: TopicDescription = asked[name].result()
        return found

    def _configurations(self, names: list[str]) -> dict[str, dict[str, Any]]:
        resources = [ConfigResource(ResourceType.TOPIC, name) for name in names]
        if not resources:
            return {}

        def ask() -> dict[str, dict[str, Any]]:
            answers = self._admin.describe_configs(resources)
            return {resource.name: future.result() for resource, future in answers.items()}

        try:
            return patiently(ask)
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_AUTHORIZATION_FAILED:
                raise
            raise _not_allowed("describe the configuration of", names) from error


def _not_allowed(what: str, names: Sequence[str]) -> CannotStart:
    return TopicMismatch(
        f"this process may not {what} {', '.join(names)}: give its user the rights that "
        "docs/operations/managed.md names"
    )


def _unless_exists(name: str, future: "Future[Any]") -> None:
    try:
        future.result(TIMEOUT_SECONDS)
    except KafkaException as error:
        code = error.args[0].code()
        if code == KafkaError.INVALID_REPLICATION_FACTOR:
            raise TopicMismatch(
                f"topic {name} cannot have so many replicas: there are fewer brokers than "
                "KUKM_REPLICATION_FACTOR says; start more brokers"
            ) from error
        if code in (KafkaError.TOPIC_AUTHORIZATION_FAILED, KafkaError.CLUSTER_AUTHORIZATION_FAILED):
            raise TopicMismatch(
                f"topic {name} is missing and this process may not create it: run "
                "`gelar topics apply` with the right to create topics"
            ) from error
        if code != KafkaError.TOPIC_ALREADY_EXISTS:
            raise
