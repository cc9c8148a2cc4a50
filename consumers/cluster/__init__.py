"""Consumer group `cluster`: the voices of all windows become speakers and their turns.

In the order of the work:

- `step` reads the voices
- `identification` joins, clusters and labels them
- `utterance_voices` says whose voice each utterance has; `reassignment` gives it to that speaker
- `constraints` applies merges; `kept_voices` leaves voices what people were shown of them
- `provisional_turns` continues an earlier answer
- `clips` chooses clips; `levels` names faint speakers
- `turns` sums up
"""
