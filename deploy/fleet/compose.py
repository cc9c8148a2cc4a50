"""Pure: `deploy/compose/compose.yaml`, all of it on one big host: servers, our processes, Prometheus and Grafana."""

from typing import Any

from deploy.fleet.parts import HOME, IMAGE, SPEECH, Part, environment, parts, settings

KAFKA, S3, CLICKHOUSE = (
    "apache/kafka:4.3.1",
    "versity/versitygw:v1.8.0",
    "clickhouse/clickhouse-server:26.9",
)
PROMETHEUS, GRAFANA = "prom/prometheus:v3.5.0", "grafana/grafana:12.1.0"
SECRETS = ("LAHSTATS_S3_SECRET_KEY", "LAHSTATS_CLICKHOUSE_PASSWORD", "LAHSTATS_UPLOAD_SECRET")
ASKED = "run python -m deploy.compose.env_file FOLDER"
Service = dict[str, Any]


def compose() -> dict[str, Any]:
    """The whole file."""
    services = {
        **_servers(),
        "prepare": _prepare(),
        **{part.name: _stage(part) for part in parts()},
        **_watching(),
    }
    return {
        "name": "lahstats",
        "services": services,
        "volumes": {name: {} for name in ("kafka", "s3", "clickhouse", "prometheus", "grafana")},
    }


def _secret(name: str) -> str:
    return f"${{{name}:?{ASKED}}}"


def _servers() -> dict[str, Service]:
    told = settings()
    s3_env = {
        "ROOT_ACCESS_KEY": told.s3_access_key,
        "ROOT_SECRET_KEY": _secret("LAHSTATS_S3_SECRET_KEY"),
    }
    warehouse = {
        "CLICKHOUSE_USER": told.clickhouse_user,
        "CLICKHOUSE_PASSWORD": _secret("LAHSTATS_CLICKHOUSE_PASSWORD"),
        "CLICKHOUSE_DEFAULT_ACCESS_MANAGEMENT": "1",
    }
    store = _server(S3, s3_env, "s3:/data", ["posix", "/data"])
    store["command"] = ["--port", ":7070", *store["command"]]
    store["ports"] = ["127.0.0.1:${LAHSTATS_S3_PORT:-7070}:7070"]  # browsers play clips from it
    return {
        "kafka": _kafka(),
        "s3": store,
        "clickhouse": _server(CLICKHOUSE, warehouse, "clickhouse:/var/lib/clickhouse", []),
    }


def _server(image: str, told: dict[str, str], volume: str, command: list[str]) -> Service:
    return {
        "image": image,
        "environment": told,
        "volumes": [volume],
        "restart": "unless-stopped",
        **({"command": command} if command else {}),
    }


def _kafka() -> Service:
    told = {
        "KAFKA_NODE_ID": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_LISTENERS": "PLAINTEXT://:9092,CONTROLLER://:9093",
        "KAFKA_ADVERTISED_LISTENERS": "PLAINTEXT://kafka:9092",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@kafka:9093",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
        # A worker that died is missed after 10 s, not after the default's 45: its windows go to another one.
        "KAFKA_GROUP_CONSUMER_MIN_SESSION_TIMEOUT_MS": "1000",
        "KAFKA_GROUP_CONSUMER_SESSION_TIMEOUT_MS": "10000",
        "KAFKA_GROUP_CONSUMER_MIN_HEARTBEAT_INTERVAL_MS": "500",
        "KAFKA_GROUP_CONSUMER_HEARTBEAT_INTERVAL_MS": "1000",
        "KAFKA_LOG_DIRS": "/var/lib/kafka/data",
    }
    topics = ["CMD", "/opt/kafka/bin/kafka-topics.sh", "--bootstrap-server", "kafka:9092", "--list"]
    asked = {"test": topics, "interval": "10s", "timeout": "10s", "retries": 12}
    return {**_server(KAFKA, told, "kafka:/var/lib/kafka/data", []), "healthcheck": asked}


def _ours() -> Service:
    store = "${LAHSTATS_S3_ENDPOINT:-s3:7070}"
    gateway, page = (
        "${LAHSTATS_GATEWAY_URL:-http://localhost:18404}",
        "${LAHSTATS_PAGE_ORIGIN:-http://localhost:18405}",
    )
    told = environment("kafka:9092", store, "http://clickhouse:8123", gateway, page, 1)
    return {
        "image": IMAGE,
        "environment": {**told, **{name: _secret(name) for name in SECRETS}},
        "volumes": [f"{_secret('LAHSTATS_JWKS')}:{HOME}/secrets/jwks.json:ro"],
        "read_only": True,
        "tmpfs": ["/tmp", f"{HOME}:mode=0770,uid=10001,gid=10001"],  # noqa: S108 - a container's own
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
    }


def _prepare() -> Service:
    ready = {
        "kafka": {"condition": "service_healthy"},
        "s3": {"condition": "service_started"},
        "clickhouse": {"condition": "service_started"},
    }
    building = {"context": "../..", "dockerfile": "deploy/image/Dockerfile"}
    return {
        **_ours(),
        "build": building,
        "command": ["-m", "deploy.prepare.main"],
        "depends_on": ready,
        "restart": "on-failure",
    }


def _stage(part: Part) -> Service:
    found = _ours()
    found["environment"] |= part.environment | {"LAHSTATS_HEALTH_PORT": str(part.health_port)}
    ask = f"import urllib.request as u; u.urlopen('http://127.0.0.1:{part.health_port}/readyz', timeout=5)"
    # Several workers of a stage are several containers here (`--scale transcribe=4`): each has a network of its own.
    return {
        **found,
        "command": ["-m", part.module],
        "depends_on": {"prepare": {"condition": "service_completed_successfully"}},
        "healthcheck": {
            "test": ["CMD", "python", "-c", ask],
            "interval": "10s",
            "timeout": "10s",
            "start_period": "60s",
        },
        "mem_limit": part.memory.replace("Gi", "g"),
        "stop_grace_period": f"{part.grace_s}s",
        "restart": "unless-stopped",
        **({"ports": [f"127.0.0.1:{part.serves}:{part.serves}"]} if part.serves else {}),
        **({"scale": 1} if part.name in SPEECH else {}),
    }


def _watching() -> dict[str, Service]:
    told = {
        "GF_INSTALL_PLUGINS": "grafana-clickhouse-datasource",
        "LAHSTATS_CLICKHOUSE_HOST": "clickhouse",
        "LAHSTATS_CLICKHOUSE_PORT": "8123",
        "LAHSTATS_ANALYST_USER": "${LAHSTATS_ANALYST_USER:-grafana}",
        "LAHSTATS_ANALYST_PASSWORD": "${LAHSTATS_ANALYST_PASSWORD:-}",
        "LAHSTATS_PROMETHEUS_URL": "http://prometheus:9090",
        "GF_SECURITY_ADMIN_PASSWORD": _secret("LAHSTATS_GRAFANA_PASSWORD"),
    }
    boards = [
        "../grafana/provisioning:/etc/grafana/provisioning:ro",
        "../grafana/dashboards:/var/lib/grafana/dashboards:ro",
        "grafana:/var/lib/grafana",
    ]
    rules = [
        "../prometheus/compose.yaml:/etc/prometheus/prometheus.yml:ro",
        "../prometheus/alerts.yaml:/etc/prometheus/alerts.yaml:ro",
    ]
    return {
        "prometheus": {
            "image": PROMETHEUS,
            "volumes": [*rules, "prometheus:/prometheus"],
            "restart": "unless-stopped",
        },
        "grafana": {
            "image": GRAFANA,
            "environment": told,
            "volumes": boards,
            "ports": ["127.0.0.1:3000:3000"],
            "restart": "unless-stopped",
        },
    }


def scraping() -> dict[str, Any]:
    """`deploy/prometheus/compose.yaml`: every container of a stage, found by the name of its service."""
    jobs = [
        {
            "job_name": part.name,
            "dns_sd_configs": [
                {
                    "names": [part.name],
                    "type": "A",
                    "port": part.health_port,
                    "refresh_interval": "15s",
                }
            ],
        }
        for part in parts()
    ]
    return {
        "global": {"scrape_interval": "5s", "evaluation_interval": "5s"},
        "rule_files": ["/etc/prometheus/alerts.yaml"],
        "scrape_configs": jobs,
    }
