"""How everything is, in words, as far as the read side knows."""
