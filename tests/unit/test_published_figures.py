"""One number says how many people are behind everything that is published."""

import re
from pathlib import Path

from schemas.limits import LEAST_PUBLISHED

CLICKHOUSE = Path("deploy/clickhouse")
LIMIT = re.compile(r"(?:length\(\w*\.?users\)|uniqExact\(owner\)) >= (\d+)")


def test_views_and_row_policies_have_the_limit_of_rollup_and_api() -> None:
    text = "".join(path.read_text() for path in sorted(CLICKHOUSE.glob("*/*.sql")))
    limits = LIMIT.findall(text)
    assert len(limits) == 9
    assert set(limits) == {str(LEAST_PUBLISHED)}
