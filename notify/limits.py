"""ConnectionLimits: how many connections there are, from where and whose."""

from collections import Counter

from notify.settings import NotifySettings


class ConnectionLimits:
    """Counts connections. What was taken is given back once, by whoever took it."""

    def __init__(self, settings: NotifySettings) -> None:
        self._settings = settings
        self._per_address: Counter[str] = Counter()
        self._per_account: Counter[str] = Counter()
        self.connection_count = 0
        self.refused_count = 0

    def admit(self, address: str) -> bool:
        """Take a place for a connection, if there is one; without an address, among all alone."""
        settings = self._settings
        if self.connection_count >= settings.connections or (
            address and self._per_address.get(address, 0) >= settings.connections_per_address
        ):
            self.refused_count += 1
            return False
        self.connection_count += 1
        if address:
            self._per_address[address] += 1
        return True

    def leave(self, address: str) -> None:
        """Give a connection's place back."""
        self.connection_count -= 1
        if address:
            _take_one(self._per_address, address)

    def admit_account(self, account_id: str) -> bool:
        """Take a place among an account's connections, if there is one."""
        if self._per_account.get(account_id, 0) >= self._settings.connections_per_account:
            self.refused_count += 1
            return False
        self._per_account[account_id] += 1
        return True

    def leave_account(self, account_id: str) -> None:
        """Give an account's place back."""
        _take_one(self._per_account, account_id)

    @property
    def party_count(self) -> int:
        """Count the addresses and accounts that are remembered."""
        return len(self._per_address) + len(self._per_account)


def _take_one(counts: Counter[str], party: str) -> None:
    counts[party] -= 1
    if counts[party] <= 0:
        del counts[party]
