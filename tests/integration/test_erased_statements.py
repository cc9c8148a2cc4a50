"""The statements that removed a person do not keep their id."""

from adapters.warehouse import TypedRow, Warehouse
from consumers.erasure.user_erasure import changes, erase, erase_again
from deploy.clickhouse.migration_files import migrations
from deploy.waiting import until
from schemas.ids import UserId
from schemas.people_events import UserErased
from tests.reference.telling import put

MEI = UserId("mei-who-left")
UNTIL_MS = 1_800_000_000_000
PATIENCE_S = 180
REMEMBERED = (
    "SELECT table, command FROM system.mutations WHERE position(command, {user:String}) > 0"
)


class Remembered(TypedRow, frozen=True):
    """A statement with the person's id."""

    table: str
    command: str


def remembered(warehouse: Warehouse) -> list[Remembered]:
    return warehouse.query(REMEMBERED, {"user": MEI}, row=Remembered)


def test_no_table_remembers_whose_rows_it_lost(warehouse: Warehouse) -> None:
    left = UserErased(occurred_at_ms=UNTIL_MS, user_id=MEI, request_id="r")
    erase(warehouse, left)
    put(warehouse, "users", {"user_id": MEI, "display_name": "Mei"})
    erase_again(warehouse, [left])
    assert until(lambda: remembered(warehouse), lambda found: not found, PATIENCE_S) == []


def test_every_table_with_people_forgets_its_statements() -> None:
    text = "".join(migration.text for migration in migrations())
    for table in {change.table for change in changes()}:
        assert f"ALTER TABLE {table} MODIFY SETTING finished_mutations_to_keep = 1" in text
