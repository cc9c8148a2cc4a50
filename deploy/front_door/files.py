"""The configurations that are shipped, as `lahstats generate` writes them."""

from pathlib import Path
from textwrap import indent

from deploy.front_door.nginx import Door, Listen, configuration

COMPOSE = Path("deploy/front_door/compose.conf")
KUBERNETES = Path("deploy/kubernetes/base/front-configuration.yaml")
CONTAINER = ("daemon off;", "worker_processes auto;")
SERVICES = "lahstats.svc.cluster.local"
PODS = "10.0.0.0/8"
"""The network of the ingress controller, as in configuration.yaml."""

ON_ONE_HOST = Door(
    listens=(
        Listen("8443", "/etc/nginx/tls/tls.crt", "/etc/nginx/tls/tls.key"),
        Listen("127.0.0.1:8080"),
    ),
    api="api:18405",
    gateway="gateway:18404",
    store="s3:7070",
    store_host="s3:7070",
    bucket="lahstats",
    folder="/tmp",  # noqa: S108 - of a container that writes nowhere else
    resolver="127.0.0.11",
    globals_=CONTAINER,
)
IN_A_FLEET = Door(
    listens=(Listen("18406"),),
    api=f"api.{SERVICES}",
    gateway=f"gateway.{SERVICES}",
    store="s3.lahstats.example",
    store_host="s3.lahstats.example",
    store_scheme="https",
    bucket="lahstats",
    folder="/tmp",  # noqa: S108
    resolver="kube-dns.kube-system.svc.cluster.local",
    trusted=(PODS,),
    globals_=CONTAINER,
)
MANIFEST = """# Written by `lahstats generate`. The names of the services and of the store are in
# deploy/front_door/files.py.
apiVersion: v1
kind: ConfigMap
metadata:
  name: front
  namespace: lahstats
  labels:
    app.kubernetes.io/part-of: lahstats
    app.kubernetes.io/name: front
data:
  nginx.conf: |
"""


def files() -> dict[Path, str]:
    """Return each file and its text."""
    fleet = indent(configuration(IN_A_FLEET), "    ")
    return {COMPOSE: configuration(ON_ONE_HOST), KUBERNETES: MANIFEST + fleet}
