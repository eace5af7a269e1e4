"""One fuzzing process: `python -m fuzz.process TARGET LIBFUZZER-ARGUMENTS`.

The only module that knows atheris. It must instrument modules before anything imports them, so
that the target's table is imported here under its eyes.
"""

import shlex
import sys

import atheris

_PACKAGES = ["ingest", "packager", "distribution", "conformance"]


def main() -> None:
    """Fuzz until libFuzzer has had its time, or an entry fails."""
    with atheris.instrument_imports(include=_PACKAGES):
        from fuzz.target import TARGETS  # noqa: PLC0415 - see the module's docstring
    from fuzz.allowance import run_within_allowance  # noqa: PLC0415 - it is not instrumented

    target = TARGETS[sys.argv[1]]
    # libFuzzer hands its own name to a shell when it merges corpora in processes of its own.
    own_name = shlex.join((sys.executable, "-m", "fuzz.process", target.name))
    atheris.Setup(
        [own_name, *sys.argv[2:]],
        lambda entry: run_within_allowance(target.check, entry),
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
