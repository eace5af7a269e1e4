"""When garbage is looked for, and through how much."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from config.garbage_meter import GarbageMeter
from config.garbage_policy import GarbagePolicy

MIB = 2**20


class Thing:
    """Something that may refer to itself."""

    def __init__(self) -> None:
        self.me: Thing | None = None


@pytest.fixture
def on_air() -> list[bool]:
    return [False]


@pytest.fixture
def policy(on_air: list[bool]) -> Iterator[GarbagePolicy]:
    made = GarbagePolicy(lambda: on_air[0])
    made.begin(0.0)
    yield made
    made.end()


def survivor() -> "tuple[Thing, weakref.ref[Thing]]":
    """Make something that survives a collection and refers to itself."""
    thing = Thing()
    thing.me = thing
    gc.collect()
    return thing, weakref.ref(thing)


@pytest.mark.usefixtures("policy")
def test_what_survived_is_not_looked_at_again() -> None:
    thing, reference = survivor()
    assert all(each is not thing for each in gc.get_objects())
    del thing
    gc.collect()
    assert reference() is not None
    plain = Thing()
    gc.collect()
    gone = weakref.ref(plain)
    del plain
    assert gone() is None  # as ever, what refers to nothing that refers to it


def test_what_turned_to_garbage_is_found_while_nobody_is_on_air(
    policy: GarbagePolicy, on_air: list[bool]
) -> None:
    thing, reference = survivor()
    del thing
    on_air[0] = True
    assert not policy.look(100_000.0, 0)
    on_air[0] = False
    assert not policy.look(599.0, 0)
    assert policy.look(600.0, 0)
    assert reference() is None
    assert not policy.look(100_000.0, 0)  # nothing has survived since


def test_memory_that_grows_is_worth_a_pause_once_an_hour(
    policy: GarbagePolicy, on_air: list[bool]
) -> None:
    on_air[0] = True
    kept = [survivor()]
    much = 100_000 * MIB
    assert not policy.look(3599.0, much)
    assert policy.look(3600.0, much)
    kept.append(survivor())
    assert not policy.look(3700.0, much)
    assert not policy.look(7200.0, 0)
    assert policy.look(7200.0, much)


def test_what_it_took_is_counted() -> None:
    meter = GarbageMeter()
    meter.begin()
    thing = Thing()
    thing.me = thing
    del thing
    gc.collect()
    meter.end()
    registry = CollectorRegistry()
    registry.register(meter)
    text = generate_latest(registry).decode()
    assert 'rillcast_gc_collections_total{generation="2"} 1.0' in text
    assert meter.longest_s > 0
