"""Install the programs that benchmarks run, or name the packages that bring them.

    .venv/bin/python -m bench.debian_packages

Returns 0 even if some cannot be installed: what needs them is left out and named.
"""

import shutil

from bench.peers.nginx_rtmp import MODULE
from tests.support.debian_packages import PACKAGE_OF_FILE, install

_PACKAGE_OF_PROGRAM = {
    "nginx": "nginx",
    "taskset": "util-linux",
    "ffmpeg": "ffmpeg",
    "chromium": "chromium",
    "cc": "gcc",
}
_PACKAGE_OF_FILE = {MODULE: "libnginx-mod-rtmp", **PACKAGE_OF_FILE}


def missing_packages() -> list[str]:
    """Name the Debian packages that are not there yet."""
    programs = [
        package for program, package in _PACKAGE_OF_PROGRAM.items() if not shutil.which(program)
    ]
    return programs + [package for path, package in _PACKAGE_OF_FILE.items() if not path.exists()]


def main() -> None:
    """Install what is missing."""
    left = install(missing_packages, "the benchmarks")
    if left:
        print(
            "Some benchmarks are left out, as this user may not install what they run.\n"
            "Ask somebody who may to run:\n    apt-get install " + " ".join(left)
        )


if __name__ == "__main__":
    main()
