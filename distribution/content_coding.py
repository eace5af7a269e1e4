"""Whether a reader takes gzip (RFC 9110, 12.5.3). Pure."""

from functools import lru_cache


@lru_cache(maxsize=256)
def accepts_gzip(accept_encoding: str) -> bool:
    """Read an Accept-Encoding header; `*` counts, `q=0` refuses. Never raises.

    Browsers and players send a handful of different values, so the answers are remembered.
    """
    weights: dict[str, float] = {}
    for element in accept_encoding.split(","):
        coding, _, parameters = element.partition(";")
        weights[coding.strip().lower()] = _weight(parameters)
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0))) > 0


def _weight(parameters: str) -> float:
    name, _, value = parameters.partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
