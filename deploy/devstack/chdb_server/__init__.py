"""ClickHouse's HTTP protocol over one chDB engine, for machines without a ClickHouse server."""
