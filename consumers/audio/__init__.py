"""Uploaded chunks as samples on the session's timeline. A child process with limits decodes."""
