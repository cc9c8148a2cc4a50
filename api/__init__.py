"""The read side: ClickHouse questions behind a small FastAPI. The Wrapped page gets its room here."""
