"""The read side: what people see of their sessions, their words, their groups and their Wrapped."""
