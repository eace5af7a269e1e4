"""ConnectionLimits: how many connections there are, from where and whose."""

from collections import Counter, OrderedDict
from typing import Final

from notify.command_rate import CommandRate
from notify.settings import NotifySettings

# To shake hands costs more than to stay. Who comes back after a restart comes twice, at once.
_ATTEMPTS_AT_ONCE: Final = 2
_ATTEMPTS_PER_MINUTE: Final = 4
_ADDRESSES_MAX: Final = 50_000  # whose attempts are counted; some 10 MB


class ConnectionLimits:
    """Counts connections. What was taken is given back once, by whoever took it."""

    def __init__(self, settings: NotifySettings) -> None:
        self._settings = settings
        self._attempts: OrderedDict[str, CommandRate] = OrderedDict()
        self._per_address: Counter[str] = Counter()
        self._per_account: Counter[str] = Counter()
        self.connection_count = 0
        self.refused_count = 0

    def admit(self, address: str, now_s: float) -> bool:
        """Take a place for a connection, if there is one; without an address, among all alone."""
        settings = self._settings
        if self.connection_count >= settings.connections or (
            address
            and (
                self._per_address.get(address, 0) >= settings.connections_per_address
                or not self._may_try(address, now_s)
            )
        ):
            self.refused_count += 1
            return False
        self.connection_count += 1
        if address:
            self._per_address[address] += 1
        return True

    def _may_try(self, address: str, now_s: float) -> bool:
        rate = self._attempts.get(address)
        if rate is None:
            places = self._settings.connections_per_address
            rate = CommandRate(_ATTEMPTS_AT_ONCE * places, _ATTEMPTS_PER_MINUTE * places)
            self._attempts[address] = rate
            if len(self._attempts) > _ADDRESSES_MAX:
                self._attempts.popitem(last=False)
        self._attempts.move_to_end(address)
        return rate.take(now_s)

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
