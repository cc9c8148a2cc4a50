"""The Wrapped page: files as they are, no build step; texts in one file; nothing inline."""
