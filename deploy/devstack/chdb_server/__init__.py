"""ClickHouse's HTTP protocol over one in-process chDB engine, for machines without a ClickHouse server."""
