"""Topics, events, objects and the lexicon: what stages say to each other. Imports nothing that does I/O."""
