"""Alert rules with their tests, and the targets of a stack."""
