"""Consumer group `cluster`: the voices of all windows become speakers and their turns.

In the order of the work: `step` reads the voices, `identification` joins, clusters and labels them,
`utterance_voices` says whose voice each utterance has, `reassignment` gives them to those,
`constraints` applies merges, `provisional_turns` continues an earlier answer, `clips` and `levels`
look at the voices once more, `turns` sums up.
"""
