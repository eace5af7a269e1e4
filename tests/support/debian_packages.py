"""Install the system programs that the tests run, or name the packages that bring them.

Run by `make test` with any Python 3.11+; needs nothing but the standard library.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

PACKAGE_OF_PROGRAM = {
    "ffmpeg": "ffmpeg",
    "ffprobe": "ffmpeg",
    "chromium": "chromium",
    "gst-launch-1.0": "gstreamer1.0-tools",
    "openssl": "openssl",
    "nginx": "nginx-light",
    "pg_lsclusters": "postgresql",  # the server itself is not on PATH
    "promtool": "prometheus",
    "cc": "gcc",  # compiles the viewers' load maker
}
PACKAGE_OF_FILE = {Path("/usr/include/stdio.h"): "libc6-dev"}
PACKAGE_OF_GSTREAMER_ELEMENT = {
    "videotestsrc": "gstreamer1.0-plugins-base",
    "flvmux": "gstreamer1.0-plugins-good",
    "rtmp2sink": "gstreamer1.0-plugins-bad",
    "x264enc": "gstreamer1.0-plugins-ugly",
    "avenc_aac": "gstreamer1.0-libav",
}


def program_path(program: str) -> str | None:
    """Find a program, also where only root's PATH leads."""
    return shutil.which(program, path=os.environ.get("PATH", os.defpath) + ":/usr/sbin")


def missing_packages() -> list[str]:
    """Name the Debian packages that are not there yet, each once."""
    missing = [
        package for program, package in PACKAGE_OF_PROGRAM.items() if program_path(program) is None
    ]
    missing += [package for path, package in PACKAGE_OF_FILE.items() if not path.exists()]
    inspect = shutil.which("gst-inspect-1.0")
    missing += [
        package
        for element, package in PACKAGE_OF_GSTREAMER_ELEMENT.items()
        if inspect is None
        or subprocess.run([inspect, "--exists", element], check=False).returncode != 0
    ]
    return list(dict.fromkeys(missing))


def installer() -> list[str] | None:
    """Return how this user may run apt-get, or None if they may not."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    may_sudo = (
        shutil.which("sudo") is not None
        and subprocess.run(["sudo", "-n", "true"], check=False, capture_output=True).returncode == 0
    )
    return ["sudo", "-n", "apt-get"] if may_sudo else None


def install(missing: Callable[[], list[str]], purpose: str) -> list[str]:
    """Install what `missing` names, if this user may; return what it names in the end."""
    packages, apt_get = missing(), installer()
    if not packages or apt_get is None:
        return packages
    print(f"Installing for {purpose}:", *packages, flush=True)
    # RUNLEVEL 1: no package may start its service here (nginx would take port 80).
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    subprocess.run([*apt_get, "-qq", "update"], check=False, env=environment)
    subprocess.run(
        [*apt_get, "-qq", "install", "-y", "--no-install-recommends", *packages],
        check=False,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    return missing()


def main() -> int:
    """Return 0 when all programs are there in the end."""
    missing = install(missing_packages, "the tests")
    if not missing:
        return 0
    print(
        "The tests run real encoders and players that this machine lacks, and this user may "
        "not install them.\nAsk somebody who may to run:\n    apt-get install " + " ".join(missing),
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
