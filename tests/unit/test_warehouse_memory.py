"""The client of the warehouse loads no library that nobody here asks for."""

import subprocess
import sys

WRITES_A_ROW = """
import sys
import adapters.warehouse
from clickhouse_connect.datatypes.registry import get_from_name
from clickhouse_connect.driver.insert import InsertContext

rows = InsertContext("words", ["count"], [get_from_name("UInt8")], [[1]])
assert rows.row_count == 1
print([name for name in ("pandas", "pyarrow", "polars") if name in sys.modules])
"""


def test_rows_that_are_written_import_no_data_frames() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WRITES_A_ROW], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
