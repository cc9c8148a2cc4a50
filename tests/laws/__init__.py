"""The laws on real recordings. pyannote is imported here as a worker imports it."""

from consumers.voices.training_left_out import leave_training_out

leave_training_out()
