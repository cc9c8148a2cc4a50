"""Consumer group `cluster`: the voices of all windows -> who spoke when."""
