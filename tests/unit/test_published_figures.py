"""One number says how many people are behind everything that is published, one how many words."""

import re
from pathlib import Path

from api.figures import LEAST_FOR_RATE
from deploy.generators.cookbook import PAGE, QUESTION
from schemas.limits import LEAST_PUBLISHED

CLICKHOUSE = Path("deploy/clickhouse")
LIMIT = re.compile(r"(?:length\(\w*\.?users\)|uniqExact\(owner\)) >= (\d+)")
A_RATE = re.compile(r"\b1000 \*|\* 1000\b")
LIMIT_OF_WORDS = re.compile(r"(?:words|words_spoken\)?) (?:<|>=) (\d+)")


def newest_views() -> dict[str, str]:
    """Each view as the last migration makes it."""
    views: dict[str, str] = {}
    for path in sorted(CLICKHOUSE.glob("migrations/*.sql")):
        for statement in path.read_text().split(";\n"):
            _, made, rest = statement.partition("CREATE OR REPLACE VIEW ")
            if made:
                views[rest.split()[0]] = statement
    return views


def test_views_and_row_policies_have_the_limit_of_rollup_and_api() -> None:
    policies = [path.read_text() for path in sorted(CLICKHOUSE.glob("server/*.sql"))]
    limits = LIMIT.findall("".join([*newest_views().values(), *policies]))
    assert len(limits) == 9
    assert set(limits) == {str(LEAST_PUBLISHED)}


def test_rates_of_views_and_of_the_cookbook_have_the_limit_of_the_pages() -> None:
    questions = {found["question"]: found["sql"] for found in QUESTION.finditer(PAGE.read_text())}
    asked = newest_views() | questions
    rates = {name: sql for name, sql in asked.items() if A_RATE.search(sql)}
    assert len(rates) == 5
    limits = {name: tuple(LIMIT_OF_WORDS.findall(sql)) for name, sql in rates.items()}
    assert limits == dict.fromkeys(rates, (str(LEAST_FOR_RATE),))
