"""The page that shows a Wrapped, without a build step."""
