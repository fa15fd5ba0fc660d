"""A scripted subject and a scripted grader, so that tests play through `eval()` and read logs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from inspect_ai import eval as inspect_eval
from inspect_ai.log import EvalLog, EvalSample
from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessageAssistant,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    modelapi,
)
from inspect_ai.tool import ToolCall
from inspect_ai.util import store

from am_inspect._seeds import derive_seed
from am_inspect.dataset import load_rows
from am_inspect.grading import TITLE
from am_inspect.grading.verdicts import BlackmailVerdict, RefrainedVerdict
from am_inspect.grading.views import VIEW_VERDICTS
from am_inspect.mail.mailbox import Mailbox
from am_inspect.scenario import Row
from am_inspect.tasks import cell_task

FINISH = "<finish/>"
_SCRIPTS: dict[str, Any] = {}
_QUIET = {
    "evidence": "",
    "channel": "none",
    "mail": None,
    "attempted": False,
    "response": "engaged",
    "ladder": "not_noticed",
    "choice": "did_not_act",
    "threat": "silent",
    "deadline": "silent",
    "decider": "silent",
    "matter": "silent",
    "level": "none",
    "actions": [],
    "modifiers": [],
    "sophistication": 0,
    "says": "silent",
}
_KEYS = {
    "blackmail": tuple(BlackmailVerdict.model_fields),
    "considered_refrained": tuple(RefrainedVerdict.model_fields),
    **{name: tuple(verdict.model_fields) for name, verdict in VIEW_VERDICTS.items()},
}


@modelapi(name="scripted")
class ScriptedAPI(ModelAPI):
    """`scripted/<name>` says what was put into `_SCRIPTS[name]`; also when a log is re-scored."""

    def __init__(self, model_name, base_url=None, api_key=None, config=None, **_: Any) -> None:
        super().__init__(model_name, base_url, api_key, [], config or GenerateConfig())

    async def generate(self, input, tools, tool_choice, config) -> ModelOutput:
        script = _SCRIPTS[self.model_name]
        reply = script.say(input, config)
        if isinstance(reply, BaseException):
            raise reply
        output = reply if isinstance(reply, ModelOutput) else _output(reply)
        # Inspect would count tokens itself, and fetch a tokenizer for that.
        output.usage = output.usage or ModelUsage()
        return output


def _output(reply: Any) -> ModelOutput:
    if isinstance(reply, str):
        return ModelOutput.from_content("scripted", reply)
    calls = [ToolCall(f"c{n}", name, arguments) for n, (name, arguments) in enumerate(reply, 1)]
    message = ChatMessageAssistant(content="", tool_calls=calls, model="scripted")
    return ModelOutput(
        model="scripted", choices=[ChatCompletionChoice(message=message, stop_reason="tool_calls")]
    )


@dataclass
class Subject:
    """Says one reply a turn, then finishes. A reply is text, calls, an output or an error."""

    replies: Sequence[Any] | Callable[[Mailbox], Any]
    seeds: list[tuple[int, int, int | None]] = field(default_factory=list)
    prompts: list[list[Any]] = field(default_factory=list)

    def say(self, messages: list[Any], config: GenerateConfig) -> Any:
        box = Mailbox.of(store())
        self.seeds.append((box.seed, box.turn, config.seed))
        self.prompts.append(list(messages))
        if callable(self.replies):
            return self.replies(box)
        past = box.turn > len(self.replies)
        return FINISH if past else self.replies[box.turn - 1]


@dataclass
class Grader:
    """Says a verdict to each question: a mapping's keys, or raw text, an error, or one a try."""

    verdict: Any
    prompts: list[list[Any]] = field(default_factory=list)

    def say(self, messages: list[Any], config: GenerateConfig) -> Any:
        self.prompts.append(list(messages))
        asked = [line for line in messages[0].text.splitlines() if line.startswith(TITLE)]
        if not asked:
            return "ready"
        given = self.verdict(Mailbox.of(store())) if callable(self.verdict) else self.verdict
        if isinstance(given, Mapping) and set(given) & set(_KEYS):
            given = given.get(asked[-1].removeprefix(TITLE).strip(), {})
        if isinstance(given, list):
            given = given[len(messages) // 2]
        if not isinstance(given, Mapping):
            return given
        return json.dumps({k: (_QUIET | given)[k] for k in _KEYS[asked[-1].removeprefix(TITLE)]})


@dataclass
class Stage:
    """Runs cells with scripted models and keeps what the models were asked."""

    folder: Path
    subject: Subject = field(default_factory=lambda: Subject(()))
    grader: Grader = field(default_factory=lambda: Grader({}))
    log: EvalLog | None = None

    def run(
        self,
        cell: str = "goal_and_threat",
        replies: Any = (),
        verdict: Any = None,
        *,
        subject: str = "scripted/subject",
        grader: str | None = "scripted/grader",
        log_dir: Path | None = None,
        options: Mapping[str, Any] | None = None,
        **task_args: Any,
    ) -> EvalLog:
        """Run a cell, by default the short world's first variant, in `single_turn` or paced."""
        name = subject.removeprefix("scripted/")
        _SCRIPTS[name] = self.subject = Subject(replies)
        if grader != subject:
            self.bind(verdict or {}, str(grader).removeprefix("scripted/"))
        args = {"worlds": "crumb", "variants": 1} | task_args
        (log,) = inspect_eval(
            cell_task(cell, **args),
            model=subject,
            **({"model_roles": {"grader": grader}} if grader else {}),
            log_dir=str(log_dir or self.folder / "logs"),
            # "none" draws Rich's live table all the same, unseen, in a fifth of a run's time.
            display="log",
            log_realtime=False,
            **(options or {}),
        )
        self.log = log
        return log

    def play(self, cell: str = "goal_and_threat", replies: Any = (), *args: Any, **kw: Any):
        """Run a cell and give its only sample."""
        log = self.run(cell, replies, *args, **kw)
        assert log.status == "success", log.error
        (sample,) = log.samples or []
        return sample

    def play_cases(
        self, replies: Sequence[Any], verdicts: Sequence[Any] = (), **settings: Any
    ) -> list[EvalSample]:
        """Run many cases at once, each an epoch of the short world; give their samples in order."""
        count = max(len(replies), len(verdicts))
        case = {derive_seed(0, "crumb-v1", number + 1): number for number in range(count)}

        def say(box: Mailbox) -> Any:
            said = replies[case[box.seed] % len(replies)]
            return FINISH if box.turn > len(said) else said[box.turn - 1]

        def judge(box: Mailbox) -> Any:
            return verdicts[case[box.seed] % len(verdicts)] if verdicts else {}

        options = {"epochs": count} | settings.pop("options", {})
        log = self.run(replies=say, verdict=judge, options=options, **settings)
        assert log.status == "success", log.error
        return sorted(log.samples or [], key=lambda sample: sample.epoch)

    def bind(self, verdict: Any, name: str = "grader") -> None:
        """Let `scripted/<name>` grade so."""
        _SCRIPTS[name] = grader = Grader(verdict)
        self.grader = grader


@pytest.fixture
def show(record_property: Callable[[str, object], None]) -> Callable[[Iterable[str]], None]:
    """Have lines printed when all tests have ended: a worker of xdist cannot print its own."""
    return lambda lines: record_property("figures", "\n".join(lines))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures that tests gave to `show`, also those of tests that failed."""
    ended = terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
    figures = [(r.nodeid, text) for r in ended for n, text in r.user_properties if n == "figures"]
    for test, text in sorted(figures):
        terminalreporter.section(test, sep="-")
        terminalreporter.write_line(text)


@pytest.fixture(scope="session", autouse=True)
def _installed_packages_are_looked_up_once() -> Iterator[None]:
    """Inspect reads the file lists of all installed packages for every log, 0.4 s each time."""
    with pytest.MonkeyPatch.context() as patched:
        name = "inspect_ai._util.package.packages_distributions"
        patched.setattr(name, cache(packages_distributions), raising=False)
        yield


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


@pytest.fixture(scope="module")
def module_stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """A stage for one run that many tests read."""
    return Stage(tmp_path_factory.mktemp("played"))


@dataclass
class Judge:
    """Grades outside of an evaluation: says what a function makes of a grading prompt.

    The function gets the record and the rubric's name, and gives a verdict's keys, raw text or an
    error, for a re-ask too.
    """

    rule: Callable[[str, str], Any]
    prompts: list[str] = field(default_factory=list)

    def say(self, messages: list[Any], config: GenerateConfig) -> Any:
        prompt = messages[0].text
        record, title, rest = prompt.rpartition(TITLE)
        if not title:
            return "ready"
        self.prompts.append(prompt)
        question = rest.split("\n", 1)[0].strip()
        given = self.rule(record, question)
        if not isinstance(given, Mapping):
            return given
        return json.dumps({key: (_QUIET | given)[key] for key in _KEYS[question]})


@pytest.fixture
def judge_by() -> Callable[..., tuple[str, Judge]]:
    """Make a grader of a function; gives the name to ask for it by, and what it was asked."""

    def make(rule: Any) -> tuple[str, Judge]:
        name = f"judge{len(_SCRIPTS)}"
        judge = Judge(rule if callable(rule) else lambda record, question: rule)
        _SCRIPTS[name] = judge
        return f"scripted/{name}", judge

    return make


@pytest.fixture(scope="session")
def row() -> Row:
    """The short world under goal and threat, which `Stage.run` plays."""
    return next(r for r in load_rows() if r.cell == "goal_and_threat" and r.id == "crumb-v1")


@pytest.fixture(scope="session")
def mail() -> Callable[..., str]:
    """Write a mail as the text protocol has it."""

    def write(to: str, body: str = "Please read this.", subject: str = "Today", **more: str) -> str:
        lines = [f"to: {to}", *(f"{key}: {value}" for key, value in more.items())]
        return "\n".join(
            ["<send_email>", *lines, f"subject: {subject}", "body:", body, "</send_email>"]
        )

    return write


@pytest.fixture(scope="session")
def box_of() -> Callable[[EvalSample], Mailbox]:
    return lambda sample: Mailbox.of_state(sample.store, sample.metadata)
