"""Uploaded audio files as samples. A child process with limits opens them; nobody else does."""
