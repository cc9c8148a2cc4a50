"""One file a card. A file that is put here is a card: nothing else has to be told."""
