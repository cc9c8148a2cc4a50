"""Consumer group `cluster`: the voices of all windows become speakers and their turns.

In the order of the work: `step` reads the voices, `identification` joins, clusters and labels them,
`reassignment` gives utterances to their voices, `constraints` applies merges, `provisional_turns`
continues an earlier answer, `turns` sums up.
"""
