"""All that the stores hold of a session or of a person."""

from adapters.objects.s3 import S3BlobStore
from adapters.warehouse import Warehouse
from consumers.dlq import letters
from deploy.devstack.running_stack import RunningStack
from schemas.erasure import stays_after_erasure
from schemas.ids import SessionId
from schemas.object_kinds import erased_prefixes

HERE = "database = currentDatabase()"
TABLES_OF = f"""
SELECT DISTINCT table FROM system.columns WHERE {HERE} AND name = {{column:String}}
AND table IN (SELECT name FROM system.tables WHERE {HERE} AND engine LIKE '%MergeTree')
"""  # noqa: S608


def objects(blobs: S3BlobStore, session_id: str) -> list[str]:
    return [key for prefix in erased_prefixes(SessionId(session_id)) for key in blobs.keys(prefix)]


def rows(warehouse: Warehouse, column: str, value: str) -> dict[str, int]:
    """Tables that hold rows with this value, old versions too, and how many."""
    tables = [
        row["table"]
        for row in warehouse.query(TABLES_OF, {"column": column})
        if column != "session_id" or not stays_after_erasure(row["table"])
    ]
    assert tables
    counts = {
        table: warehouse.query(
            f"SELECT count() AS n FROM {table} WHERE {column} = {{v:String}}",  # noqa: S608
            {"v": value},
        )[0]["n"]
        for table in tables
    }
    return {table: n for table, n in counts.items() if n}


def dead_letters(stack: RunningStack) -> dict[str, str]:
    """Every dead letter on the topics' `.dlq`: its place and its reason."""
    return {letter.place: letter.reason for letter in letters.read(stack.settings.kafka)}
