"""People and groups: profiles, totals, trends, boards."""
