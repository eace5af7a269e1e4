from bench.backlog import sum_by_connection

# /proc/net/tcp: 127.0.0.1:1935 (078F) listens; 40000 (9C40) and 40001 (9C41) are connected to it.
ROWS = """\
   0: 0100007F:078F 00000000:0000 0A 00000000:00000002 00:00000000 00000000     0        0 1 1
   1: 0100007F:078F 0100007F:9C40 01 00000007:00000400 00:00000000 00000000     0        0 2 1
   2: 0100007F:9C40 0100007F:078F 01 00000100:00000003 00:00000000 00000000     0        0 3 1
   3: 0100007F:078F 0100007F:9C41 01 00000000:00000000 00:00000000 00000000     0        0 4 1
   4: 0100007F:9C41 0100007F:078F 01 00000000:00000000 00:00000000 00000000     0        0 5 1
   5: 0100007F:9C42 0100007F:1F90 01 00000900:00000000 00:00000000 00000000     0        0 6 1
""".splitlines()


def test_what_the_client_has_not_sent_and_what_the_server_has_not_read_wait() -> None:
    assert sum_by_connection(ROWS, 1935) == [0x400 + 0x100, 0]


def test_answers_on_their_way_to_the_publisher_do_not_count() -> None:
    assert sum_by_connection(ROWS[1:2], 1935) == [0x400]


def test_other_ports_do_not_count() -> None:
    assert sum_by_connection(ROWS, 9) == []
