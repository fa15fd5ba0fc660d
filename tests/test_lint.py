"""The community's conventions for an Inspect evaluation, by the community's own checker."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_communitys_lint_passes() -> None:
    command = ["--preset", "single-eval", "--all", "--root", str(ROOT), "--output-format", "json"]
    done = subprocess.run(
        [sys.executable, "-m", "inspect_evals_lint", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    report = json.loads(done.stdout)
    assert [package["name"] for package in report["packages"]] == ["am_inspect"]
    findings = [
        f"{finding['rule']} {finding.get('file')}:{finding.get('line')} {finding['message']}"
        for package in report["packages"]
        for finding in package["diagnostics"]
        if finding["status"] in ("fail", "warn")
    ]
    assert findings == []
    assert done.returncode == 0
