"""Pure: manifests for a fleet. Kafka, an S3 and ClickHouse are somebody's already; here are our processes, told where those are.

Three files: everything but the speech workers, and these for machines without and with accelerators. Workers grow with the lag of
their consumer group (KEDA's ScaledObject), servers with their load.
"""

from typing import Any

from deploy.fleet.parts import HOME, IMAGE, SPEECH, Lag, Part, environment, parts

NAMESPACE = "lahstats"
KAFKA, S3, CLICKHOUSE = (
    "kafka-bootstrap.kafka:9092",
    "s3.lahstats.example",
    "http://clickhouse.clickhouse:8123",
)
HOSTS = {"gateway": "upload.lahstats.example", "api": "lahstats.example"}
USER = 10001
COOL_DOWN_S = 300
"""How long a group must be idle before its last workers go: a model takes seconds to load, a session's windows come every 20 s."""
LARGE = {
    "LAHSTATS_MODELS_PROFILE": "gpu",
    "LAHSTATS_ALLOW_DOWNLOADS": "1",
    "HF_HOME": f"{HOME}/weights",
}
"""Each worker fetches the large models as it starts, under the account whose token the Secret holds (docs/models.md)."""
LARGE_MEMORY = "8Gi"
"""A guess to start from, not measured: both models' weights, and room for the arrays of a long session."""
Document = dict[str, Any]


def common() -> list[Document]:
    """All but the speech workers."""
    ours = [part for part in parts() if part.name not in SPEECH]
    found = [_named("v1", "Namespace", NAMESPACE), _account(), _configuration(), _preparing()]
    for part in ours:
        found += [_deployment(part), *_scaled(part), *_served(part)]
    return [*found, _ingress(), *_network()]


def speech(*, gpu: bool) -> list[Document]:
    """The speech workers, one accelerator each or none."""
    return [
        document
        for part in parts()
        if part.name in SPEECH
        for document in (_deployment(part, gpu=gpu), *_scaled(part))
    ]


def _named(version: str, kind: str, name: str, **body: Any) -> Document:
    labels = {"app.kubernetes.io/part-of": "lahstats", "app.kubernetes.io/name": name}
    place = {} if kind == "Namespace" else {"namespace": NAMESPACE}
    return {
        "apiVersion": version,
        "kind": kind,
        "metadata": {"name": name, **place, "labels": labels},
        **body,
    }


def _account() -> Document:
    return _named("v1", "ServiceAccount", "lahstats", automountServiceAccountToken=False)


def _configuration() -> Document:
    told = environment(
        KAFKA, S3, CLICKHOUSE, f"https://{HOSTS['gateway']}", f"https://{HOSTS['api']}", 3
    )
    return _named("v1", "ConfigMap", "lahstats", data={**told, "LAHSTATS_S3_SECURE": "true"})


def _preparing() -> Document:
    container = _container("prepare", "deploy.prepare.main", {}, "250m", "1Gi")
    pod = {"spec": {**_pod(container, 30), "restartPolicy": "OnFailure"}}
    return _named(
        "batch/v1",
        "Job",
        "prepare",
        spec={"backoffLimit": 10, "ttlSecondsAfterFinished": 600, "template": pod},
    )


def _pod(container: Document, grace_s: int) -> Document:
    return {
        "serviceAccountName": "lahstats",
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": grace_s,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": USER,
            "fsGroup": USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container],
        "volumes": [
            {"name": "home", "emptyDir": {}},
            {"name": "tmp", "emptyDir": {}},
            {"name": "secrets", "secret": {"secretName": "lahstats", "defaultMode": 0o440}},
        ],
    }


def _container(
    name: str, module: str, told: dict[str, str], requests: str, memory: str
) -> Document:
    return {
        "name": name,
        "image": IMAGE,
        "args": ["-m", module],
        "envFrom": [{"configMapRef": {"name": "lahstats"}}],
        "env": [{"name": key, "value": value} for key, value in told.items()],
        "resources": {
            "requests": {"cpu": requests, "memory": memory},
            "limits": {"memory": memory},
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [
            {"name": "home", "mountPath": HOME},
            {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108 - a container's own
            {"name": "secrets", "mountPath": f"{HOME}/secrets", "readOnly": True},
        ],
    }


def _deployment(part: Part, *, gpu: bool = False) -> Document:
    told = (
        part.environment | {"LAHSTATS_HEALTH_PORT": str(part.health_port)} | (LARGE if gpu else {})
    )
    container = (
        _container(
            part.name, part.module, told, part.requests, LARGE_MEMORY if gpu else part.memory
        )
        | _probes()
    )
    container["ports"] = [{"name": "health", "containerPort": part.health_port}]
    container["ports"] += [{"name": "http", "containerPort": part.serves}] if part.serves else []
    if gpu:
        container["resources"]["limits"]["nvidia.com/gpu"] = "1"
        container["env"].append(
            {
                "name": "HF_TOKEN",
                "valueFrom": {"secretKeyRef": {"name": "lahstats", "key": "hf_token"}},
            }
        )
    labels = {"app.kubernetes.io/name": part.name, "app.kubernetes.io/part-of": "lahstats"}
    scrape = {"prometheus.io/scrape": "true", "prometheus.io/port": str(part.health_port)}
    pod = {
        "metadata": {"labels": labels, "annotations": scrape},
        "spec": _pod(container, part.grace_s),
    }
    selector = {"matchLabels": {"app.kubernetes.io/name": part.name}}
    # A stage of one worker hands its partitions over; two of it at a time would rebalance twice.
    strategy = {"type": "RollingUpdate" if part.serves or part.lag else "Recreate"}
    count = {} if part.lag or part.serves else {"replicas": part.replicas}
    return _named(
        "apps/v1",
        "Deployment",
        part.name,
        spec={**count, "strategy": strategy, "selector": selector, "template": pod},
    )


def _probes() -> Document:
    def asked(path: str, failures: int) -> Document:
        return {
            "httpGet": {"path": path, "port": "health"},
            "periodSeconds": 5,
            "timeoutSeconds": 5,
            "failureThreshold": failures,
        }

    return {
        "startupProbe": asked("/livez", 60),
        "readinessProbe": asked("/readyz", 2),
        "livenessProbe": asked("/livez", 6),
    }


def _scaled(part: Part) -> list[Document]:
    return [_by_lag(part.name, part.lag)] if part.lag else []


def _by_lag(name: str, lag: Lag) -> Document:
    waiting = {
        "bootstrapServers": KAFKA,
        "consumerGroup": f"lahstats-{name}",
        "topic": lag.topic.name,
        "lagThreshold": str(lag.events),
        "offsetResetPolicy": "earliest",
    }
    spec = {
        "scaleTargetRef": {"name": name},
        "minReplicaCount": lag.least,
        "maxReplicaCount": lag.most,
        "pollingInterval": 10,
        "cooldownPeriod": COOL_DOWN_S,
        "triggers": [{"type": "kafka", "metadata": waiting}],
    }
    return _named("keda.sh/v1alpha1", "ScaledObject", name, spec=spec)


def _served(part: Part) -> list[Document]:
    if not part.serves:
        return []
    chosen = {"app.kubernetes.io/name": part.name}
    service = {"selector": chosen, "ports": [{"name": "http", "port": 80, "targetPort": "http"}]}
    load = [
        {
            "type": "Resource",
            "resource": {
                "name": "cpu",
                "target": {"type": "Utilization", "averageUtilization": 70},
            },
        }
    ]
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": part.name}
    return [
        _named("v1", "Service", part.name, spec=service),
        _named(
            "policy/v1",
            "PodDisruptionBudget",
            part.name,
            spec={"minAvailable": 1, "selector": {"matchLabels": chosen}},
        ),
        _named(
            "autoscaling/v2",
            "HorizontalPodAutoscaler",
            part.name,
            spec={
                "scaleTargetRef": target,
                "minReplicas": part.replicas,
                "maxReplicas": 20,
                "metrics": load,
            },
        ),
    ]


def _ingress() -> Document:
    rules = [{"host": host, "http": {"paths": [_path(name)]}} for name, host in HOSTS.items()]
    return _named(
        "networking.k8s.io/v1",
        "Ingress",
        "lahstats",
        spec={
            "tls": [{"hosts": list(HOSTS.values()), "secretName": "lahstats-tls"}],
            "rules": rules,
        },
    )


def _path(name: str) -> Document:
    return {
        "path": "/",
        "pathType": "Prefix",
        "backend": {"service": {"name": name, "port": {"name": "http"}}},
    }


def _network() -> list[Document]:
    """Nobody reaches a container but over the ports that it serves: the public ones, and the health ports for whoever scrapes."""
    of_all = {"matchLabels": {"app.kubernetes.io/part-of": "lahstats"}}
    ports = sorted({port for part in parts() for port in (part.health_port, part.serves) if port})
    allowed = [{"ports": [{"protocol": "TCP", "port": port} for port in ports]}]
    return [
        _named(
            "networking.k8s.io/v1",
            "NetworkPolicy",
            "lahstats",
            spec={"podSelector": of_all, "policyTypes": ["Ingress"], "ingress": allowed},
        )
    ]
