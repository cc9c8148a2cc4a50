"""The warehouse's schema: its migrations, and what only a ClickHouse server runs."""
