"""The local stack: real Kafka, an S3 gateway and the ClickHouse engine under one supervisor."""
