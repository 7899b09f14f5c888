"""The configuration of a topic that keeps every event, and what differs from it."""

from collections.abc import Mapping
from typing import Any

WANTED = {
    "cleanup.policy": "delete",
    "retention.ms": "-1",
    "retention.bytes": "-1",
    "unclean.leader.election.enable": "false",
}
REASONS = {
    "unclean.leader.election.enable": "a broker that has missed events must not lead",
}
KEPT = "events are kept for ever and whole"
IN_SYNC_MIN = 2
"""Of three replicas and more: an acknowledged event survives the loss of a broker."""
MESSAGE_BYTES_MIN = 1_000_000
"""The most that the client sends in one request. A request that the topic finds too large would be
refused, and the next one taken: a hole."""


def differences(topic: str, found: Mapping[str, Any], in_sync_min: int) -> list[str]:
    """Return a sentence for each setting by which a topic could lose or refuse events."""
    faults = []
    if int(found["max.message.bytes"].value) < MESSAGE_BYTES_MIN:
        faults.append(
            f"topic {topic} has max.message.bytes={found['max.message.bytes'].value}, but requests "
            f"are as large as {MESSAGE_BYTES_MIN}: set it higher (kafka-configs --alter)"
        )
    if int(found["min.insync.replicas"].value) < in_sync_min:
        faults.append(
            f"topic {topic} has min.insync.replicas={found['min.insync.replicas'].value}, so an "
            "acknowledged event can be lost with a single broker: set "
            f"min.insync.replicas={in_sync_min} (kafka-configs --alter)"
        )
    for name, value in WANTED.items():
        if found[name].value != value:
            faults.append(
                f"topic {topic} has {name}={found[name].value}, but {REASONS.get(name, KEPT)}: "
                f"set {name}={value} (kafka-configs --alter) and start again"
            )
    return faults
