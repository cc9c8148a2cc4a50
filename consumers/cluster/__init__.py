"""Consumer group `cluster`: the voices of all windows become speakers and their turns."""
