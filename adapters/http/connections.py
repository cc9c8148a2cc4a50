"""How many connections a client may have open. For one event loop; nothing blocks."""

from collections import Counter

from adapters.http.clients import FrontDoors, client_of
from schemas.limits import CONNECTIONS, CONNECTIONS_OF_CLIENT


class Connections:
    """Counts open connections: of each client, and all of them."""

    def __init__(
        self,
        front_doors: FrontDoors,
        most: int = CONNECTIONS.most,
        most_of_client: int = CONNECTIONS_OF_CLIENT.most,
    ) -> None:
        self._front_doors = front_doors
        self._most = most
        self._most_of_client = most_of_client
        self._open = 0
        self._of_client = Counter[str]()

    def opened(self, address: str) -> bool:
        """Note a connection. False when it is one too many: it has to be closed, and `closed`."""
        self._open += 1
        if address in self._front_doors:
            return self._open <= self._most
        client = client_of(address)
        self._of_client[client] += 1
        return self._open <= self._most and self._of_client[client] <= self._most_of_client

    def closed(self, address: str) -> None:
        """Note the end of a connection that was `opened`."""
        self._open -= 1
        if address in self._front_doors:
            return
        client = client_of(address)
        self._of_client[client] -= 1
        if not self._of_client[client]:
            del self._of_client[client]
