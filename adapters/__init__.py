"""Clients of Kafka, S3, ClickHouse and HTTP, and the settings: ports, and the adapters behind them.

`kafka`, `objects`, `warehouse`: the three servers. `http`: the parts of both HTTP processes.
`process`: the parts of every process (logs, metrics, health, clock, retry).
"""
