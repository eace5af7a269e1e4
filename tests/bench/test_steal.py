from bench.steal import processor_ticks, stolen_share


def test_what_others_had_is_a_share_of_all_that_passed() -> None:
    before = (100, 0, 50, 800, 0, 0, 0, 10)
    after = (150, 0, 75, 900, 0, 0, 0, 35)
    assert stolen_share(before, after) == 25 / 200
    assert stolen_share(before, before) == 0


def test_this_machine_tells_its_ticks() -> None:
    first = processor_ticks()
    assert len(first) == 8
    assert sum(processor_ticks()) >= sum(first) > 0
