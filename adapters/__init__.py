"""The only importers of Kafka, S3, ClickHouse and metrics clients: ports the stages use, and their real ends."""
