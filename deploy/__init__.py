"""How Lahstats is set up and run: what is shipped, and what is for developers."""
