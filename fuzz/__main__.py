"""`python -m fuzz`: fuzz the targets, one after the other, and say what came of it."""

import argparse
import importlib.util
import sys
from pathlib import Path

from fuzz.allowance import run_within_allowance
from fuzz.campaign import Campaign, Outcome
from fuzz.target import TARGETS

_FOLDER = Path(__file__).parent.parent / "fuzz-output"


def main() -> int:
    """Return 0 if no entry failed, 1 if one did, 2 where there is no atheris."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--target", action="append", choices=[*TARGETS], help="all if not given")
    parser.add_argument("--replay", type=Path, metavar="ENTRY", help="run one entry, no fuzzing")
    parser.add_argument(
        "--adopt", action="store_true", help="make what was found the committed corpus"
    )
    chosen = parser.parse_args()
    targets = [TARGETS[name] for name in chosen.target or TARGETS]
    if chosen.replay is not None:
        if len(targets) != 1:
            parser.error("--replay needs one --target")
        run_within_allowance(targets[0].check, chosen.replay.read_bytes())
        print(f"{targets[0].name}: {chosen.replay} keeps the rules")
        return 0
    if importlib.util.find_spec("atheris") is None:
        print(
            "atheris is not published for this system; `make test` replays the corpora",
            file=sys.stderr,
        )
        return 2
    campaign = Campaign(_FOLDER, chosen.seconds)
    if chosen.adopt:
        for target in targets:
            print(f"{target.name}: {campaign.adopt(target)} entries")
        return 0
    outcomes = []
    for target in targets:
        print(f"{target.name}: fuzzing for {chosen.seconds} s", flush=True)
        outcomes.append(campaign.run(target))
    return _report(outcomes)


def _report(outcomes: list[Outcome]) -> int:
    print(f"\n{'target':12}{'executions':>12}{'coverage':>10}{'features':>10}{'new':>6}  findings")
    for outcome in outcomes:
        print(
            f"{outcome.target.name:12}{outcome.executions:>12}{outcome.coverage:>10}"
            f"{outcome.features:>10}{outcome.new_entries:>6}  "
            f"{len(outcome.findings) or ('none' if outcome.is_sound else 'stopped')}"
        )
    for outcome in outcomes:
        if not outcome.is_sound:
            print(f"\n{outcome.target.name}: see {outcome.log}")
        for finding in outcome.findings:
            print(f"  python -m fuzz --target {outcome.target.name} --replay {finding}")
    return 0 if all(outcome.is_sound for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
