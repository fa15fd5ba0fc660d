from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import anyio
import pytest
from inspect_ai.model import Model, get_model

from am_inspect import cli
from am_inspect.doctor import Settings
from am_inspect.doctor.patient import Patient

sys.path.insert(0, str(Path(__file__).parent))

from server import Ills, serve

NUMBERS = count()


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOCAL_API_KEY", "VLLM_API_KEY"):
        monkeypatch.setenv(name, "sesame")
    monkeypatch.setenv("INSPECT_DISPLAY", "none")


@pytest.fixture
def served() -> Iterator[Callable[..., Model]]:
    """Serve a model with some ills, and give it as Inspect has it."""
    with ExitStack() as servers:

        def make(name: str = "openai-api/local/little", **ills: Any) -> Model:
            if name.startswith("vllm/"):
                # Inspect keeps one server for all vLLM models of a name, as long as it runs.
                fresh = f"little{next(NUMBERS)}"
                name = f"vllm/{fresh}"
                ills.setdefault("model", fresh)
            url = servers.enter_context(serve(Ills(**ills)))
            return get_model(name, base_url=url, memoize=False)

        yield make


@pytest.fixture
def check(served) -> Callable[..., dict[str, Any]]:
    """Make one check of a served model with some ills; gives the findings by name."""

    def examine(check: Any, settings: dict[str, Any] | None = None, **ills: Any) -> Any:
        async def run() -> Any:
            patient = Patient(served(**ills), Settings(**(settings or {})))
            try:
                return await check(patient)
            finally:
                await patient.let_go()

        return {found.check: found for found in anyio.run(run)}

    return examine


@pytest.fixture
def command(monkeypatch, capsys):
    """Run `am-inspect` with arguments; give exit code, output and errors."""

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["am-inspect", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return call
