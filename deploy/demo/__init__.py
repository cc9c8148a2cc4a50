"""One recording through the whole path: a phone that plays a file, and a reader of its results."""
