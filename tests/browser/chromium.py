"""Finds a Chromium for the browser tests; as a program: makes sure that there is one, or says what to do."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_A_MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
WHAT_TO_DO = """
The browser tests need Chromium, and it could not be installed here. Do one of these and try again:
  - use your system's own packages: apt install chromium, dnf install chromium, brew install chromium
  - .venv/bin/playwright install chromium
  - put the path of any Chromium or Chrome in the environment variable CHROMIUM
"""


def find() -> str | None:
    """The path of a Chromium on this machine."""
    if "CHROMIUM" in os.environ:
        return os.environ["CHROMIUM"]
    on_path = (shutil.which(name) for name in NAMES)
    on_a_mac = (path for path in ON_A_MAC if Path(path).exists())
    return next(filter(None, on_path), None) or next(on_a_mac, None) or _from_playwright()


def _from_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> bool:
    """Install Chromium the way this machine does it."""
    if os.geteuid() == 0 and Path("/etc/debian_version").exists():
        ways = [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]]
        return all(_run(way) for way in ways) or _run(["playwright", "install", "chromium"])
    return _run(["playwright", "install", "chromium"])


def _run(command: list[str]) -> bool:
    print("==>", *command, flush=True)
    program = [sys.executable, "-m"] if command[0] == "playwright" else []
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run([*program, *command], env=quiet, stdin=subprocess.DEVNULL).returncode == 0


if __name__ == "__main__":
    if not find():
        print("\n==> Fetching Chromium for the browser tests")
        if not (install() and find()):
            sys.exit(WHAT_TO_DO)
