"""Campaign: every target fuzzed for a while in a process of its own, and what came of it."""

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fuzz.target import Target

# A harness has its own allowance; this is for loops that never come back to it.
_HANG_S = 30
_MEMORY_MB = 1536
_STATUS = re.compile(r"#(\d+)\s+(?:DONE|INITED|pulse|NEW|REDUCE|RELOAD)\s+cov: (\d+) ft: (\d+)")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a target's time brought. `coverage` counts ways through the instrumented code."""

    target: Target
    executions: int
    coverage: int
    features: int
    new_entries: int
    findings: tuple[Path, ...]
    is_sound: bool
    log: Path


@dataclass(frozen=True, slots=True)
class Campaign:
    """Where new entries, findings and logs go: a folder that git ignores."""

    folder: Path
    seconds: int

    def run(self, target: Target) -> Outcome:
        """Fuzz one target; the committed corpus is read, never written."""
        grown, found = self._folder("corpus", target), self._folder("findings", target)
        known_entries, known_findings = set(grown.iterdir()), set(found.iterdir())
        log = self.folder / f"{target.name}.log"
        with log.open("wb") as log_file:
            status = subprocess.run(
                [
                    *(sys.executable, "-m", "fuzz.process", target.name),
                    *_options(target, found, max_total_time=self.seconds),
                    *(str(grown), *_readable(target)),
                ],
                stdout=log_file,
                stderr=subprocess.STDOUT,
                check=False,
            ).returncode
        executions, coverage, features = _last_status(log)
        findings = tuple(sorted(set(found.iterdir()) - known_findings))
        return Outcome(
            target=target,
            executions=executions,
            coverage=coverage,
            features=features,
            new_entries=len(set(grown.iterdir()) - known_entries),
            findings=findings,
            is_sound=status == 0 and not findings,
            log=log,
        )

    def adopt(self, target: Target) -> int:
        """Make the smallest corpus of old and new entries the committed one; give its size."""
        smallest = self._folder("adopted", target)
        for old in smallest.iterdir():
            old.unlink()
        log = self.folder / f"{target.name}-adopt.log"
        with log.open("wb") as log_file:
            subprocess.run(
                [
                    *(sys.executable, "-m", "fuzz.process", target.name, "-set_cover_merge=1"),
                    *_options(target, self._folder("findings", target)),
                    *(str(smallest), *_readable(target)),
                    str(self._folder("corpus", target)),
                ],
                stdout=log_file,
                stderr=subprocess.STDOUT,
                check=True,
            )
        assert any(smallest.iterdir()), f"nothing was merged: see {log}"
        target.corpus.mkdir(parents=True, exist_ok=True)
        for old in target.corpus.iterdir():
            old.unlink()
        for entry in smallest.iterdir():
            content = entry.read_bytes()
            (target.corpus / hashlib.sha256(content).hexdigest()[:16]).write_bytes(content)
        return len(list(target.corpus.iterdir()))

    def _folder(self, purpose: str, target: Target) -> Path:
        folder = self.folder / purpose / target.name
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def _options(target: Target, findings: Path, *, max_total_time: int | None = None) -> Iterator[str]:
    yield f"-max_len={target.max_bytes}"
    yield f"-timeout={_HANG_S}"
    yield f"-rss_limit_mb={_MEMORY_MB}"
    yield f"-artifact_prefix={findings}{os.sep}"
    yield "-print_final_stats=1"
    if target.dictionary.exists():
        yield f"-dict={target.dictionary}"
    if max_total_time is not None:
        yield f"-max_total_time={max_total_time}"


def _readable(target: Target) -> list[str]:
    """Name the committed folders that exist: libFuzzer refuses others."""
    return [str(folder) for folder in (target.corpus, target.findings) if folder.is_dir()]


def _last_status(log: Path) -> tuple[int, int, int]:
    """Read executions, coverage and features from the last line that tells them."""
    lines = _STATUS.findall(log.read_text("utf-8", "replace"))
    executions, coverage, features = lines[-1] if lines else (0, 0, 0)
    return int(executions), int(coverage), int(features)
