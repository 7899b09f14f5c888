"""Promises of the manifests: rights, probes, stops, settings, Jobs and images."""

import pytest

from deploy.k8s.lab.programs import VERSION
from shared.settings import Settings
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
    template_of,
)

PREFIX = "KUKM_"
LEFT_TO_THEIR_DEFAULTS = {
    "batch_events_max",
    "body_bytes_max",
    "documents_max",
    "http_body_seconds",
    "http_connections_max",
    "http_head_bytes_max",
    "http_head_seconds",
    "http_keep_alive_seconds",
    "http_requests_max",
    "outbox_events_max",
    "overseas_policy_from",
    "sweep_seconds",
}
"""Settings with a default that fits every cluster."""
OF_OTHER_WAYS = {
    "identifier_keys_before": "during a change of the key (docs/operations/keys.md)",
    "relation_keys_before": "during a change of the key (docs/operations/keys.md)",
    "kafka_key_password": "Strimzi's keys have none",
    "kafka_oauth_client_id": "OAUTHBEARER instead of SCRAM or certificates",
    "kafka_oauth_client_secret": "OAUTHBEARER instead of SCRAM or certificates",
    "kafka_oauth_scope": "OAUTHBEARER instead of SCRAM or certificates",
    "kafka_oauth_token_url": "OAUTHBEARER instead of SCRAM or certificates",
    "namespace": "several systems on one Kafka",
    "traces_ratio": "with components/tracing",
    "traces_url": "with components/tracing",
}
"""Settings that these overlays do not need, and why."""
OF_THE_AUDIT = {f"KUKM_{service.upper()}_URL" for service in SERVICES}
"""Options of `gelar audit`, which runs in the pods of the tools."""


@pytest.fixture(params=OVERLAYS)
def manifests(request: pytest.FixtureRequest) -> tuple[Manifest, ...]:
    return overlay(request.param)


def test_every_service_has_an_api_and_a_worker(manifests: tuple[Manifest, ...]) -> None:
    found = {(service, part) for service, part, _ in deployments(manifests)}
    assert found == {(service, part) for service in SERVICES for part in ("api", "worker")}
    for _, part, manifest in deployments(manifests):
        assert settings_of(manifests, manifest)["KUKM_PARTS"] == part


def test_every_variable_is_a_setting(manifests: tuple[Manifest, ...]) -> None:
    for manifest in of_kind(manifests, *MAKE_PODS):
        for variable in settings_of(manifests, manifest):
            if not variable.startswith(PREFIX) or variable in OF_THE_AUDIT:
                continue
            setting = variable.removeprefix(PREFIX).lower().removesuffix("_file")
            exact = variable.removeprefix(PREFIX).lower()
            assert {setting, exact} & set(Settings.model_fields), variable


def test_every_setting_is_set_or_left_to_its_default() -> None:
    given: set[str] = set()
    for name in OVERLAYS:
        manifests = overlay(name)
        for manifest in of_kind(manifests, "Deployment"):
            for variable in settings_of(manifests, manifest):
                exact = variable.removeprefix(PREFIX).lower()
                given |= {exact, exact.removesuffix("_file")} & set(Settings.model_fields)
    assert given | LEFT_TO_THEIR_DEFAULTS | set(OF_OTHER_WAYS) == set(Settings.model_fields)
    assert not given & (LEFT_TO_THEIR_DEFAULTS | set(OF_OTHER_WAYS))


def test_no_secret_is_in_a_manifest_and_none_in_a_variable(
    manifests: tuple[Manifest, ...],
) -> None:
    assert of_kind(manifests, "Secret") == []
    for manifest in of_kind(manifests, *MAKE_PODS):
        container = container_of(manifest)
        sources = [variable.get("valueFrom", {}) for variable in container.get("env", ())]
        assert not any("secretKeyRef" in source for source in sources)
        assert not any("secretRef" in source for source in container.get("envFrom", ()))
        for variable, value in settings_of(manifests, manifest).items():
            if value and any(word in variable for word in ("PASSWORD", "_KEY", "MONGO_URI")):
                assert variable.endswith("_FILE"), variable
                assert value.startswith("/run/"), variable


def test_a_pod_has_no_right_that_it_does_not_need(manifests: tuple[Manifest, ...]) -> None:
    for manifest in of_kind(manifests, *MAKE_PODS):
        spec, container = template_of(manifest)["spec"], container_of(manifest)
        assert spec["automountServiceAccountToken"] is False
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert {"memory"} == set(container["resources"]["limits"])
        assert {"cpu", "memory"} == set(container["resources"]["requests"])
    for account in of_kind(manifests, "ServiceAccount"):
        assert account["automountServiceAccountToken"] is False


def test_probes_ask_for_the_start_the_readiness_and_the_life_of_a_process(
    manifests: tuple[Manifest, ...],
) -> None:
    paths = {"startupProbe": "/startupz", "readinessProbe": "/readyz", "livenessProbe": "/livez"}
    for _, _, manifest in deployments(manifests):
        container = container_of(manifest)
        ports = {port["name"]: port["containerPort"] for port in container["ports"]}
        variables = settings_of(manifests, manifest)
        assert ports["http"] == int(variables["KUKM_HTTP_PORT"])
        assert ports["operations"] == int(variables["KUKM_OPERATIONS_PORT"])
        for probe, path in paths.items():
            assert container[probe]["httpGet"] == {"path": path, "port": "operations"}


def test_a_stop_is_never_cut_off(manifests: tuple[Manifest, ...]) -> None:
    for _, _, manifest in deployments(manifests):
        wait = container_of(manifest)["lifecycle"]["preStop"]["sleep"]["seconds"]
        stop = float(settings_of(manifests, manifest)["KUKM_STOP_SECONDS"])
        assert template_of(manifest)["spec"]["terminationGracePeriodSeconds"] >= wait + stop + 5
        rolling = manifest["spec"]["strategy"]["rollingUpdate"]
        assert (rolling["maxUnavailable"], rolling["maxSurge"]) == (0, 1)


def test_a_drain_takes_one_pod_of_a_kind_at_a_time(manifests: tuple[Manifest, ...]) -> None:
    budgets = {name_of(each): each for each in of_kind(manifests, "PodDisruptionBudget")}
    for service, part, manifest in deployments(manifests):
        budget = budgets[f"{service}-{part}"]["spec"]
        assert budget["maxUnavailable"] == 1
        assert budget["unhealthyPodEvictionPolicy"] == "AlwaysAllow"
        assert budget["selector"] == manifest["spec"]["selector"]
        spread = template_of(manifest)["spec"]["topologySpreadConstraints"]
        keys = {each["topologyKey"] for each in spread}
        assert keys == {"topology.kubernetes.io/zone", "kubernetes.io/hostname"}


def test_jobs_run_before_the_pods_of_every_service(manifests: tuple[Manifest, ...]) -> None:
    arguments = {name_of(job): container_of(job)["args"] for job in of_kind(manifests, "Job")}
    expected = {f"{service}-migrate": ["gelar", "migrate", service] for service in SERVICES}
    assert arguments == {**expected, "topics": ["gelar", "topics", "apply"]}


def test_a_backup_a_night_is_made_of_every_database(manifests: tuple[Manifest, ...]) -> None:
    jobs = {name_of(job): job for job in of_kind(manifests, "CronJob")}
    assert set(jobs) == {f"{service}-backup" for service in SERVICES}
    for service in SERVICES:
        job = jobs[f"{service}-backup"]
        assert container_of(job)["args"][:4] == ["gelar", "backup", "make", service]
        assert job["spec"]["concurrencyPolicy"] == "Forbid"
        mounted = {mount["name"] for mount in container_of(job)["volumeMounts"]}
        kafka = {name for name in mounted if "kafka" in name}
        assert kafka == set()
        # A MongoDB is reached as the service reaches it.
        (api,) = [each for *_, each in deployments(manifests) if name_of(each) == f"{service}-api"]
        of_api = {mount["name"] for mount in container_of(api)["volumeMounts"]}
        of_mongo = {name for name in of_api if "mongo" in name}
        assert of_mongo <= mounted


def test_prometheus_reads_every_process_where_it_serves_its_metrics() -> None:
    manifests = overlay("production")
    (monitor,) = of_kind(manifests, "PodMonitor")
    assert monitor["spec"]["selector"]["matchLabels"] == {"app.kubernetes.io/part-of": "gelar"}
    (endpoint,) = monitor["spec"]["podMetricsEndpoints"]
    assert (endpoint["port"], endpoint["path"]) == ("operations", "/metrics")
    for _, _, manifest in deployments(manifests):
        labels = template_of(manifest)["metadata"]["labels"]
        assert labels["app.kubernetes.io/part-of"] == "gelar"
        assert "operations" in {port["name"] for port in container_of(manifest)["ports"]}


def test_production_names_its_images_by_digest() -> None:
    for manifest in of_kind(overlay("production"), *MAKE_PODS):
        assert "@sha256:" in container_of(manifest)["image"]
        assert template_of(manifest)["spec"]["imagePullSecrets"] == [{"name": "registry"}]


def test_the_keys_of_a_service_are_where_its_api_needs_them() -> None:
    for service, _, manifest in deployments(overlay("staging")):
        variables = settings_of(overlay("staging"), manifest)
        assert ("KUKM_IDENTIFIER_KEY_FILE" in variables) == (service == "registration")
        of_both = service in ("registration", "selection")
        assert ("KUKM_DOSSIER_KEY_FILE" in variables) == of_both
        assert ("KUKM_RELATION_KEY_FILE" in variables) == of_both


def test_the_lab_is_of_a_version_that_has_sleep_before_a_stop() -> None:
    # `preStop: sleep` is stable since 1.34.
    assert tuple(map(int, VERSION.split(".")[:2])) >= (1, 34)
