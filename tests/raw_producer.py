"""Produce messages whose headers have any bytes as names: the Python client takes text only.

    with raw_producer(settings.kafka_bootstrap_servers) as producer:
        producer.send(topic, key=b"b1", headers=((b"\\xff", b"1"),))

It calls the C library in the client's wheel.
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.mock_cluster import ERROR_BYTES, PRODUCER_TYPE, load_library

END, TOPIC, VALUE, KEY, FLAGS, HEADER = 0, 1, 4, 5, 7, 9
COPY = 2
FLUSH_MS = 20_000


class RawProducer:
    """A client that sends what it is given."""

    def __init__(self, library: ctypes.CDLL, client: ctypes.c_void_p) -> None:
        self._library = library
        self._client = client

    def send(
        self,
        topic: str,
        *,
        key: bytes,
        value: bytes = b"{}",
        headers: tuple[tuple[bytes, bytes], ...] = (),
    ) -> None:
        """Send a message; return once the broker has it."""
        arguments: list[object] = [self._client, TOPIC, ctypes.c_char_p(topic.encode())]
        arguments += [VALUE, ctypes.c_char_p(value), ctypes.c_size_t(len(value))]
        arguments += [KEY, ctypes.c_char_p(key), ctypes.c_size_t(len(key)), FLAGS, COPY]
        for name, content in headers:
            size = ctypes.c_ssize_t(len(content))
            arguments += [HEADER, ctypes.c_char_p(name), ctypes.c_char_p(content), size]
        assert self._library.rd_kafka_producev(*arguments, END) == 0
        assert self._library.rd_kafka_flush(self._client, FLUSH_MS) == 0


@contextmanager
def raw_producer(bootstrap: str) -> Iterator[RawProducer]:
    """Connect to a broker until the block ends."""
    library = load_library()
    library.rd_kafka_conf_new.restype = ctypes.c_void_p
    message = ctypes.create_string_buffer(ERROR_BYTES)
    configuration = ctypes.c_void_p(library.rd_kafka_conf_new())
    for name, value in (("bootstrap.servers", bootstrap), ("partitioner", "murmur2_random")):
        error = library.rd_kafka_conf_set(
            configuration, name.encode(), value.encode(), message, ERROR_BYTES
        )
        assert error == 0, message.value.decode()
    client = ctypes.c_void_p(
        library.rd_kafka_new(PRODUCER_TYPE, configuration, message, ERROR_BYTES)
    )
    assert client, message.value.decode()
    try:
        yield RawProducer(library, client)
    finally:
        library.rd_kafka_destroy(client)
