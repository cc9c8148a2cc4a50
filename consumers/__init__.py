"""One sub-folder is one consumer group is one process; `runtime` is the loop they all share."""
