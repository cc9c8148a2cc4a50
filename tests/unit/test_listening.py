"""Whether somebody listens on a port is said at once."""

import socket

from deploy.waiting import listens

HERE = "127.0.0.1"


def test_somebody_listens_until_the_port_is_closed() -> None:
    with socket.create_server((HERE, 0)) as server:
        port = server.getsockname()[1]
        assert listens(HERE, port)
    assert not listens(HERE, port)


def test_nobody_listens_where_there_is_no_such_host() -> None:
    assert not listens("nowhere.invalid", 9092)
