"""Pods in Kubernetes: their names, their probes, what they may do, and the jobs."""

from adapters.settings import Settings
from schemas import stages
from schemas.stages import STOPS_WITHIN_S
from tests.manifests import (
    HOME,
    container_of,
    deployments,
    of_kind,
    overlays,
    pod_of,
    running,
    scheduled,
)

PROBES = {"startup": "/livez", "liveness": "/livez", "readiness": "/readyz"}


@overlays
def test_a_worker_has_the_name_of_the_one_before_it(overlay: str) -> None:
    """It ends what that one left open at the broker. Pods of a Deployment get names of their own.

    Of two that live at once under one name the later ends the earlier, so there is one at a time.
    """
    for stage in stages.ALL:
        one = deployments(overlay)[stage.name]
        if one["kind"] == "StatefulSet" or not (stage.group or stage.folds):
            continue
        assert pod_of(one)["hostname"] == stage.name
        assert one["spec"]["replicas"] == 1
        assert one["spec"]["strategy"] == {"type": "Recreate"}


def test_what_comes_and_goes_by_its_lag_does_so_at_once() -> None:
    """By default a pod would wait for the models of the one before it."""
    for one in of_kind("StatefulSet"):
        assert one["spec"]["podManagementPolicy"] == "Parallel"


@overlays
def test_a_process_is_asked_and_has_time_to_drain(overlay: str) -> None:
    for one in running(overlay):
        container = container_of(one)
        asked = {kind: container[f"{kind}Probe"]["httpGet"] for kind in PROBES}
        assert asked == {kind: {"path": path, "port": "health"} for kind, path in PROBES.items()}
        hook = container.get("lifecycle", {}).get("preStop", {"sleep": {"seconds": 0}})
        least_s = hook["sleep"]["seconds"] + STOPS_WITHIN_S  # the time to stop begins before it
        assert pod_of(one)["terminationGracePeriodSeconds"] >= least_s


def test_people_are_led_elsewhere_before_a_server_drains() -> None:
    """A pod is sent requests for some moments after it was told to end."""
    served = {one["metadata"]["name"] for one in of_kind("Service")}
    for one in of_kind("Deployment"):
        if one["metadata"]["name"] in served:
            assert container_of(one)["lifecycle"]["preStop"]["sleep"]["seconds"] >= 5


@overlays
def test_folds_keep_their_tables(overlay: str) -> None:
    streams = deployments(overlay)[stages.STREAMS.name]
    (claim,) = streams["spec"]["volumeClaimTemplates"]
    mounts = {one["name"]: one["mountPath"] for one in container_of(streams)["volumeMounts"]}
    assert mounts[claim["metadata"]["name"]] == HOME


@overlays
def test_every_pod_is_behind_the_policy(overlay: str) -> None:
    (policy,) = of_kind("NetworkPolicy", overlay)
    wanted = policy["spec"]["podSelector"]["matchLabels"].items()
    jobs = [*of_kind("Job", overlay), *scheduled(overlay)]
    for one in [*running(overlay), *of_kind("Deployment", overlay), *jobs]:
        assert wanted <= one["spec"]["template"]["metadata"]["labels"].items()


def test_the_audit_comes_each_night_and_is_no_stage() -> None:
    (audit,) = of_kind("CronJob")
    assert audit["metadata"]["name"] not in stages.BY_NAME
    assert container_of(audit["spec"]["jobTemplate"])["args"] == ["-m", "deploy.audit.main"]
    minute, hour, *days = audit["spec"]["schedule"].split()
    assert int(minute) < 60
    assert int(hour) < 24
    assert days == ["*"] * 3
    assert audit["spec"]["timeZone"] == Settings().time_zone
    assert audit["spec"]["concurrencyPolicy"] == "Forbid"
    # A difference is no accident that a second try would mend.
    assert audit["spec"]["jobTemplate"]["spec"]["backoffLimit"] == 0


@overlays
def test_containers_may_do_little(overlay: str) -> None:
    for one in [*running(overlay), *of_kind("Job", overlay), *scheduled(overlay)]:
        assert pod_of(one)["securityContext"]["runAsNonRoot"]
        container = container_of(one)
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert container["securityContext"]["capabilities"]["drop"] == ["ALL"]
        assert container["resources"]["limits"]["memory"]
