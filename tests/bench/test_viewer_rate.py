from bench.viewer_rate import half_load_size


def test_half_a_load_is_found_between_or_beyond_what_was_measured() -> None:
    assert half_load_size([(250, 17.0), (500, 33.0), (1000, 65.0)]) == 766
    assert half_load_size([(50, 5.0), (100, 10.0)]) == 500


def test_a_core_that_is_full_does_not_count() -> None:
    assert half_load_size([(25, 25.0), (50, 50.0), (1000, 100.0)]) == 50
    assert half_load_size([(50, 50.0), (100, 100.0)]) == 50


def test_a_cost_that_does_not_grow_gives_a_size_that_was_measured() -> None:
    assert half_load_size([(250, 20.0), (500, 19.0)]) == 500
    assert half_load_size([(1, 99.0), (2, 100.0)]) == 1
