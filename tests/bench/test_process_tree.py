import os
import subprocess
import sys
import time

from bench.process_tree import ProcessTree

# Starts a child that works until it has used a fifth of a second, waits for it, then for us.
PARENT = """
import subprocess, sys
work = "import time\\nwhile time.process_time() < 0.2: pass"
child = subprocess.Popen([sys.executable, "-c", work + "\\nprint(1, flush=True)\\ninput()"],
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
input()
child.communicate(b"\\n")
print("over", flush=True)
input()
"""


def test_a_tree_counts_its_children_while_they_run_and_when_they_are_over() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        child = int(process.stdout.readline())
        tree = ProcessTree(process.pid)
        assert sorted(tree.pids()) == sorted([process.pid, child])
        assert tree.cpu_s() >= 0.15  # two times rounded down to ticks
        assert tree.resident_bytes() > 2**20
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.stdout.readline() == "over\n"
        assert tree.pids() == [process.pid]
        assert tree.cpu_s() >= 0.15  # two times rounded down to ticks
        process.stdin.write("\n")


def test_a_tree_that_is_gone_is_empty() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    tree = ProcessTree(process.pid)
    assert tree.pids() == []
    assert tree.cpu_s() == 0
    assert tree.waited_s() == 0
    assert tree.resident_bytes() == 0


def test_processor_time_grows_with_work() -> None:
    tree = ProcessTree(os.getpid())
    before_s = tree.cpu_s()
    until_s = time.process_time() + 0.1
    while time.process_time() < until_s:
        pass
    assert tree.cpu_s() - before_s >= 0.05


def test_who_shares_a_processor_waits_for_it() -> None:
    core = str(min(os.sched_getaffinity(0)))
    work = "import time\nwhile time.process_time() < 0.2: pass\nprint(1, flush=True)\ninput()"
    command = ["taskset", "--cpu-list", core, sys.executable, "-c", work]
    both = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(2)
    ]
    for process in both:
        assert process.stdout is not None
        process.stdout.readline()
    waited_s = sum(ProcessTree(process.pid).waited_s() for process in both)
    for process in both:
        process.communicate(b"\n")
    assert waited_s > 0.05
