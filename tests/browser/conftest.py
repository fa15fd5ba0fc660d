"""A small run on a simulated model, Inspect's own viewer on loopback, and Chromium to read it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from inspect_ai import eval as inspect_eval
from inspect_ai.log import EvalLog

from am_inspect.tasks import goal_and_threat

CHROMIUM = Path("/usr/bin/chromium")
# Without the last three Chromium looks for hosts that a closed network refuses, many at a time.
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
START_SECONDS = 60


@dataclass(frozen=True)
class Viewer:
    """A viewer that serves one log.

    Attributes:
        log: The log.
        address: Of the log's page, without a trailing slash.
    """

    log: EvalLog
    address: str

    def page_of(self, sample: int, tab: str) -> str:
        """Give the deep link to a sample's tab."""
        assert self.log.samples
        found = self.log.samples[sample]
        return f"{self.address}/samples/sample/{found.id}/{found.epoch}/{tab}"


@pytest.fixture(scope="session")
def viewer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    folder = tmp_path_factory.mktemp("viewed")
    (log,) = inspect_eval(
        goal_and_threat(delivery="paced"),
        model="amsim/always",
        model_roles={"grader": "amsim/rubric"},
        limit=2,
        log_dir=str(folder),
        display="log",
    )
    assert [sample.error for sample in log.samples or []] == [None, None]
    port = _free_port()
    command = [sys.executable, "-m", "inspect_ai", "view", "start", "--log-dir", str(folder)]
    serving = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/", serving)
        yield Viewer(log, f"http://127.0.0.1:{port}/#/logs/{Path(log.location).name}")
    finally:
        serving.terminate()
        serving.wait(timeout=10)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A started Chromium; its absence skips the test."""
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def screenshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures go: the folder that AM_INSPECT_SCREENSHOTS names, or a temporary one."""
    named = os.environ.get("AM_INSPECT_SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, serving: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert serving.poll() is None, "the viewer ended at once"
        try:
            with urlopen(address, timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise AssertionError(f"the viewer did not answer within {START_SECONDS} seconds")
