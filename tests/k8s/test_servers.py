"""Promises about the servers: topics, rights, scaling, the tools, and who may reach whom."""

import pytest

from gelar.services import service_named
from shared.messaging.topics import topic_name
from tests.k8s.manifests import (
    MAKE_PODS,
    OVERLAYS,
    SERVICES,
    Manifest,
    container_of,
    deployments,
    name_of,
    of_kind,
    overlay,
    settings_of,
    shared_settings,
    template_of,
)


@pytest.fixture(params=OVERLAYS)
def manifests(request: pytest.FixtureRequest) -> tuple[Manifest, ...]:
    return overlay(request.param)


def test_every_pod_may_reach_its_servers(manifests: tuple[Manifest, ...]) -> None:
    for policy in of_kind(manifests, "NetworkPolicy"):
        if name_of(policy) == "servers":
            selector = policy["spec"]["podSelector"]
            (parts,) = [each["values"] for each in selector["matchExpressions"]]
            for manifest in of_kind(manifests, *MAKE_PODS):
                labels = template_of(manifest)["metadata"]["labels"]
                assert selector["matchLabels"].items() <= labels.items(), name_of(manifest)
                assert labels["app.kubernetes.io/component"] in parts, name_of(manifest)


def test_a_topic_is_as_a_service_demands_it() -> None:
    manifests = overlay("production")
    topics = {each["spec"]["topicName"]: each["spec"] for each in of_kind(manifests, "KafkaTopic")}
    assert set(topics) == {topic_name("", service) for service in SERVICES}
    config = shared_settings(manifests)
    for topic in topics.values():
        assert topic["partitions"] == int(config["data"]["KUKM_PARTITIONS"])
        assert topic["replicas"] == int(config["data"]["KUKM_REPLICATION_FACTOR"])
        assert topic["config"] == {
            "cleanup.policy": "delete",
            "retention.ms": -1,
            "retention.bytes": -1,
            "min.insync.replicas": 2,
            "unclean.leader.election.enable": False,
        }


def test_a_user_of_kafka_may_do_what_its_service_does_and_nothing_else() -> None:
    users = {name_of(user): user for user in of_kind(overlay("production"), "KafkaUser")}
    for name in SERVICES:
        service, may = service_named(name), _rights(users[f"{name}-kafka"])
        own = topic_name("", name)
        read = {
            topic for (kind, topic), rights in may.items() if kind == "topic" and "Read" in rights
        }
        written = {topic for (_, topic), rights in may.items() if "Write" in rights}
        assert read == {topic_name("", followed) for followed in service.followed} | {own}
        assert written == {own}
        groups = [group for kind, group in may if kind == "group"]
        assert groups == [f"{name}."]
        assert f"{name}.v{service.version}".startswith(groups[0])
    for name, user in users.items():
        if name.startswith("subscriber"):
            assert all(rights <= {"Read", "Describe"} for rights in _rights(user).values())


def _rights(user: Manifest) -> dict[tuple[str, str], set[str]]:
    return {
        (acl["resource"]["type"], acl["resource"]["name"]): set(acl["operations"])
        for acl in user["spec"]["authorization"]["acls"]
    }


def test_workers_scale_by_what_they_follow_and_apis_by_processor_time() -> None:
    manifests = overlay("production")
    scaled = {
        each["spec"]["scaleTargetRef"]["name"]: each for each in of_kind(manifests, "ScaledObject")
    }
    by_time = {
        each["spec"]["scaleTargetRef"]["name"]
        for each in of_kind(manifests, "HorizontalPodAutoscaler")
    }
    assert set(scaled) == {f"{service}-worker" for service in SERVICES}
    assert by_time == {f"{service}-api" for service in SERVICES}
    config = shared_settings(manifests)
    for name in SERVICES:
        service, spec = service_named(name), scaled[f"{name}-worker"]["spec"]
        triggers = [trigger["metadata"] for trigger in spec["triggers"]]
        followed = {topic_name("", other) for other in service.followed}
        assert {trigger["topic"] for trigger in triggers} == followed
        assert {trigger["consumerGroup"] for trigger in triggers} == {f"{name}.v{service.version}"}
        assert {trigger["offsetResetPolicy"] for trigger in triggers} == {"earliest"}
        assert spec["minReplicaCount"] == 2
        assert spec["maxReplicaCount"] == int(config["data"]["KUKM_PARTITIONS"])
        # KEDA resolves the address in its own namespace.
        servers = {trigger["bootstrapServers"] for trigger in triggers}
        assert servers == {"kafka-kafka-bootstrap.gelar.svc:9093"}
    assert all("replicas" not in each["spec"] for _, _, each in deployments(manifests))


@pytest.mark.parametrize("name", ["production", "staging", "airgapped", "lab"])
def test_the_tools_of_a_service_wait_to_be_asked_for(name: str) -> None:
    manifests = overlay(name)
    tools = {
        name_of(each): each
        for each in of_kind(manifests, "Deployment")
        if each["metadata"]["labels"]["app.kubernetes.io/component"] == "tools"
    }
    assert set(tools) == {f"{service}-tools" for service in SERVICES}
    for service in SERVICES:
        tool = tools[f"{service}-tools"]
        assert tool["spec"]["replicas"] == 0
        (worker,) = [
            each for *_, each in deployments(manifests) if name_of(each) == f"{service}-worker"
        ]
        # It reaches Kafka and MongoDB as the worker does.
        assert _connection(manifests, worker) == _connection(manifests, tool)


def _connection(manifests: tuple[Manifest, ...], manifest: Manifest) -> dict[str, str]:
    """Return the mounts of a process, and its settings of Kafka and MongoDB."""
    mounts = {each["mountPath"]: each["name"] for each in container_of(manifest)["volumeMounts"]}
    settings = settings_of(manifests, manifest)
    return mounts | {n: v for n, v in settings.items() if "KAFKA" in n or "MONGO" in n}


def test_servers_in_the_namespace_reach_each_other() -> None:
    policies = {name_of(each): each for each in of_kind(overlay("production"), "NetworkPolicy")}
    assert policies["default-deny"]["spec"]["podSelector"] == {}
    kafka, mongo = policies["kafka-cluster"]["spec"], policies["mongo"]["spec"]
    for spec in (kafka, mongo):
        peers = [peer for rule in spec["egress"] for peer in rule["to"]]
        assert {"podSelector": spec["podSelector"]} in peers
    (entering,) = mongo["ingress"]
    assert {"podSelector": mongo["podSelector"]} in entering["from"]
    ours = {"podSelector": {"matchLabels": {"app.kubernetes.io/part-of": "gelar"}}}
    assert ours in entering["from"]


def test_every_topic_has_an_alert_that_names_it() -> None:
    followed = {
        topic_name("", other) for name in SERVICES for other in service_named(name).followed
    }
    assert followed == {topic_name("", name) for name in SERVICES}
    (rules,) = of_kind(overlay("production"), "PrometheusRule")
    alerts = {
        rule["alert"]: rule
        for group in rules["spec"]["groups"]
        for rule in group["rules"]
        if "alert" in rule
    }
    for name in ("GelarLagging", "GelarFarBehind"):
        assert "messaging_destination_name" in alerts[name]["annotations"]["summary"]


def test_no_secret_is_asked_for_that_nothing_makes() -> None:
    manifests = overlay("production")
    made = {each["spec"]["target"]["name"] for each in of_kind(manifests, "ExternalSecret")}
    made |= {name_of(user) for user in of_kind(manifests, "KafkaUser")}
    of_operators = {"kafka-cluster-ca-cert", "mongo-ssl"}
    for manifest in of_kind(manifests, *MAKE_PODS):
        for volume in template_of(manifest)["spec"]["volumes"]:
            secret = volume.get("secret", {})
            if secret and not secret.get("optional"):
                assert secret["secretName"] in made | of_operators, name_of(manifest)
    (mongo,) = of_kind(manifests, "PerconaServerMongoDB")
    assert {user["passwordSecretRef"]["name"] for user in mongo["spec"]["users"]} <= made
