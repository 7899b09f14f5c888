"""Run librdkafka's mock cluster by its C API: a broker in this process that fails on demand.

It is part of the shared library in the client's wheel, and keeps some megabytes a partition.
"""

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import confluent_kafka

PRODUCE = 0
LIST_OFFSETS = 2
PRODUCER_TYPE = 0
ERROR_BYTES = 512


def load_library() -> ctypes.CDLL:
    """Load the C library of the client."""
    folder = Path(confluent_kafka.__file__).parent.parent / "confluent_kafka.libs"
    library = ctypes.CDLL(str(next(folder.glob("librdkafka-*.so*"))))
    for name in ("rd_kafka_new", "rd_kafka_mock_cluster_new"):
        getattr(library, name).restype = ctypes.c_void_p
    library.rd_kafka_mock_cluster_bootstraps.restype = ctypes.c_char_p
    return library


class MockCluster:
    """A cluster of a single broker; `bootstrap` is its address."""

    def __init__(self, library: ctypes.CDLL, cluster: ctypes.c_void_p) -> None:
        self._library = library
        self._cluster = cluster
        self.bootstrap = library.rd_kafka_mock_cluster_bootstraps(cluster).decode()

    def create(self, topic: str, partitions: int) -> None:
        """Make a topic."""
        self._check(
            self._library.rd_kafka_mock_topic_create(self._cluster, topic.encode(), partitions, 1)
        )

    def elect(self, topic: str, *, broker: int) -> None:
        """Make a broker the leader of a topic's first partition, in the next epoch."""
        self._check(
            self._library.rd_kafka_mock_partition_set_leader(
                self._cluster, topic.encode(), 0, broker
            )
        )

    def fail(self, errors: Sequence[int], *, request: int = PRODUCE) -> None:
        """Answer the next requests of this kind with these errors in turn; 0 is none."""
        array = (ctypes.c_int * len(errors))(*errors)
        count = ctypes.c_size_t(len(errors))
        self._library.rd_kafka_mock_push_request_errors_array(
            self._cluster, ctypes.c_int16(request), count, array
        )

    def _check(self, error: int) -> None:
        assert error == 0, f"librdkafka answers {error}"


@contextmanager
def mock_cluster() -> Iterator[MockCluster]:
    """Run a cluster of a single broker until the block ends."""
    library = load_library()
    message = ctypes.create_string_buffer(ERROR_BYTES)
    client = ctypes.c_void_p(library.rd_kafka_new(PRODUCER_TYPE, None, message, ERROR_BYTES))
    assert client, message.value.decode()
    cluster = ctypes.c_void_p(library.rd_kafka_mock_cluster_new(client, 1))
    try:
        yield MockCluster(library, cluster)
    finally:
        library.rd_kafka_mock_cluster_destroy(cluster)
        library.rd_kafka_destroy(client)
