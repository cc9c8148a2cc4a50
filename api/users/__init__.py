"""The caller: profile, totals, trends; people to find; the board of everyone."""
