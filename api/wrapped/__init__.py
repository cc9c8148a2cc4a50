"""A person's period in numbers: each number a card of its own, over a few questions that are asked once."""
