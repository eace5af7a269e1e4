"""Facts: what others must hear of, written down in the transaction that makes it true."""

from accounts.facts.fact import Fact, FactKind
from accounts.facts.writing import write_fact

__all__ = ["Fact", "FactKind", "write_fact"]
