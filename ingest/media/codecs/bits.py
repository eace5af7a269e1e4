"""Reading bit fields most significant bit first, as all codec headers here are written."""

from ingest.media.codecs.errors import BitstreamError

# ISO/IEC 14496-10 9.1: codeNum is below 2**32 - 1, so no more than 32 zero bits lead an ue(v).
_LONGEST_EXP_GOLOMB_PREFIX = 32


class BitReader:
    """A cursor over the bits of a short header.

    Holds the bytes as one integer, which is fastest for headers of some hundred bytes; callers cap
    what they pass. Reading past the end raises BitstreamError.
    """

    __slots__ = ("_left", "_value")

    def __init__(self, data: bytes | memoryview) -> None:
        self._value = int.from_bytes(data, "big")
        self._left = len(data) * 8

    @property
    def bits_left(self) -> int:
        """How many bits have not been read."""
        return self._left

    def bits(self, count: int) -> int:
        """Read `count` bits as an unsigned number: u(n), f(n) and uimsbf."""
        left = self._left - count
        if left < 0:
            raise BitstreamError(f"header ends early: expected {count} bits, got {self._left}")
        self._left = left
        return (self._value >> left) & ((1 << count) - 1)

    def flag(self) -> bool:
        """Read one bit."""
        return self.bits(1) == 1

    def skip(self, count: int) -> None:
        """Pass over `count` bits."""
        if count > self._left:
            raise BitstreamError(f"header ends early: expected {count} bits, got {self._left}")
        self._left -= count

    def ue(self) -> int:
        """Read an unsigned Exp-Golomb number, `ue(v)` (ISO/IEC 14496-10 9.1)."""
        zeros = 0
        while not self.bits(1):
            zeros += 1
            if zeros > _LONGEST_EXP_GOLOMB_PREFIX:
                raise BitstreamError("Exp-Golomb number of more than 32 bits")
        return (1 << zeros) - 1 + self.bits(zeros)

    def se(self) -> int:
        """Read a signed Exp-Golomb number, `se(v)` (ISO/IEC 14496-10 9.1.1)."""
        code = self.ue()
        return (code + 1) // 2 if code % 2 else -(code // 2)
