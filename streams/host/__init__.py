"""The host of the folds: all that knows Kafka, disks and Faust."""
