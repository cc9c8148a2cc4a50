"""What is watched: alert rules with their tests, and the targets of a stack."""
