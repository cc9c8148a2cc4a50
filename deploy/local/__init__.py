"""One machine, no containers: real Kafka, an S3 gateway and the ClickHouse engine under one supervisor."""
