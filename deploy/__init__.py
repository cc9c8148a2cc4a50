"""How Lahstats is set up and run: the local stack, migrations, manifests, and the `lahstats` command."""
