"""The questions of docs/cookbook.md as a file of the page for analysts."""

import json
import re
from pathlib import Path

PAGE = Path("docs/cookbook.md")
FILE = Path("api/pages/site/cookbook.json")
FOR_OPERATORS = "\n# For operators"
QUESTION = re.compile(
    r"^## (?P<question>[^\n]+)\n`[^`]+`\n```sql\n(?P<sql>.*?)\n```", re.MULTILINE | re.DOTALL
)


def files() -> dict[Path, str]:
    """Return the file with its text. Questions on the tables themselves are left out."""
    for_analysts, _, _ = PAGE.read_text().partition(FOR_OPERATORS)
    questions = [found.groupdict() for found in QUESTION.finditer(for_analysts)]
    document = {"questions": questions}
    return {FILE: json.dumps(document, ensure_ascii=False, indent=1) + "\n"}
