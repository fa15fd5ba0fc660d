"""The script that makes the real model's folder: what it says when it cannot."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[1] / "scripts" / "small_model.py"


@pytest.fixture
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("small_model", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(script: ModuleType, monkeypatch: pytest.MonkeyPatch, target: Path) -> int:
    monkeypatch.setattr(sys, "argv", ["small_model.py", str(target)])
    return script.main()


def test_a_finished_folder_is_left_alone(script, monkeypatch, tmp_path, capsys) -> None:
    (tmp_path / script.DONE_FILE).write_text("made\n", encoding="utf-8")
    assert run(script, monkeypatch, tmp_path) == 0
    assert "is there" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == [script.DONE_FILE]


def test_a_foreign_folder_is_refused(script, monkeypatch, tmp_path, capsys) -> None:
    (tmp_path / "mine.txt").write_text("keep\n", encoding="utf-8")
    assert run(script, monkeypatch, tmp_path) == 2
    assert f"error: {tmp_path} exists and was not finished" in capsys.readouterr().err
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "keep\n"


def test_a_missing_package_is_named(script, monkeypatch, tmp_path, capsys) -> None:
    monkeypatch.setitem(sys.modules, "accelerate", None)
    assert run(script, monkeypatch, tmp_path / "model") == 2
    assert "accelerate is not installed: run `make local`" in capsys.readouterr().err


def test_a_full_disk_is_said_before_any_work(script, monkeypatch, tmp_path, capsys) -> None:
    monkeypatch.setattr(script, "_assembler", lambda: pytest.fail)
    monkeypatch.setattr(script, "NEEDED_BYTES", 10**18)
    assert run(script, monkeypatch, tmp_path / "model") == 2
    assert "GB are needed" in capsys.readouterr().err
    assert not (tmp_path / "model").exists()
