"""Each error of ClickHouse has one of three fates."""

import struct

import pytest
import urllib3
from clickhouse_connect.driver.exceptions import (
    DatabaseError,
    DataError,
    OperationalError,
    ProgrammingError,
)

from adapters.process.retry import TransientError, is_of_machine
from adapters.warehouse_errors import (
    REFUSED,
    TRANSIENT,
    RowsRefusedError,
    translated,
    translated_insert,
)


def of(code: int | None, text: str = "") -> DatabaseError:
    return DatabaseError(text, code=code, name="NAME")


@pytest.mark.parametrize("code", [241, 243, 252, 202, 159, 209, 210, 242, 999])
def test_a_server_that_cannot_now_is_asked_again(code: int) -> None:
    assert isinstance(translated(of(code)), TransientError)
    assert TRANSIENT[code] in str(translated(of(code)))


@pytest.mark.parametrize("code", [6, 27, 38, 53, 69, 70, 321, 407, 469])
def test_rows_that_can_never_be_written_are_refused(code: int) -> None:
    assert isinstance(translated(of(code)), RowsRefusedError)


def test_no_code_has_two_fates() -> None:
    assert not TRANSIENT.keys() & REFUSED.keys()


def test_too_many_partitions_of_one_insert_are_its_rows_fault() -> None:
    error = of(252, "Too many partitions for single INSERT block (more than 100)")
    assert isinstance(translated(error), RowsRefusedError)


@pytest.mark.parametrize(
    "error",
    [OperationalError("no answer"), urllib3.exceptions.ProtocolError("cut"), of(None, "HTTP 503")],
)
def test_no_answer_of_clickhouse_is_waited_for(error: Exception) -> None:
    assert isinstance(translated(error), TransientError)
    assert isinstance(translated_insert(error), TransientError)


@pytest.mark.parametrize("error", [of(62), of(60), ProgrammingError("closed")])
def test_a_defect_of_ours_is_no_rows_fault(error: Exception) -> None:
    for found in (translated(error), translated_insert(error)):
        assert isinstance(found, DatabaseError)
        assert is_of_machine(found)


@pytest.mark.parametrize(
    "error", [DataError("nan"), struct.error("range"), OverflowError(), TypeError("no date")]
)
def test_values_that_the_client_cannot_encode_are_refused(error: Exception) -> None:
    assert isinstance(translated_insert(error), RowsRefusedError)
