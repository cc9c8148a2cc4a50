"""Where the servers of the local stack listen."""

PORT_BASE = 18_400
HOST = "127.0.0.1"
MOST_PORT = 65_535
PORTS_OF_STACK = 100
"""No server and no health port is further from `port_base`."""
PORTS = {
    "kafka": 0,
    "kafka_controller": 1,
    "s3": 2,
    "clickhouse": 3,
    "gateway": 4,
    "api": 5,
    "front": 6,
    "phone": 7,
}
"""Offsets of the servers' ports from `port_base`. `schemas.stages` has the stages' health ports."""
