"""Apache Kafka itself, from its Maven artefacts."""
