"""BitString: coded fields written one behind the other, highest bit first."""


class BitString:
    """Bits that are complete bytes only in the end. `size_bits` counts them."""

    __slots__ = ("_value", "size_bits")

    def __init__(self) -> None:
        self._value = 0
        self.size_bits = 0

    def put(self, value: int, width_bits: int) -> None:
        """Write a number of 0 or more in so many bits."""
        self._value = self._value << width_bits | value
        self.size_bits += width_bits

    def put_fields(self, *fields: tuple[int, int]) -> None:
        """Write several numbers, each with its width."""
        for value, width_bits in fields:
            self.put(value, width_bits)

    def to_bytes(self, size_bytes: int | None = None) -> bytes:
        """Return them with zeros behind, up to the next byte or up to so many.

        Raises OverflowError if there are more.
        """
        if size_bytes is None:
            size_bytes = -(-self.size_bits // 8)
        padding_bits = size_bytes * 8 - self.size_bits
        if padding_bits < 0:
            raise OverflowError(f"expected at most {size_bytes} bytes, got {self.size_bits} bits")
        return (self._value << padding_bits).to_bytes(size_bytes, "big")
