"""From uploaded chunks to samples on the session's timeline; decoding happens in a child process with limits."""
