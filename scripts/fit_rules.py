"""Learns the weights of `amsim/rubric` from labelled transcripts.

Uses the development part of the gold set, the short cases of the tests, and a simulated run on
phrase bank A; never the test part, never bank B. A regularised logistic regression (scikit-learn)
looks at the heaviest stretch of each text. `--check` leaves out one writer after the other and
prints what the rest predicts of them: the weights fit their own texts far better.

    python scripts/fit_rules.py [--check]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from inspect_ai import eval as inspect_eval
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from am_inspect import tasks
from am_inspect.cells import STUDY_CELLS
from am_inspect.grading import render_record
from am_inspect.grading.gold_set import load_gold
from am_inspect.mail.mailbox import Mailbox
from am_inspect.models._rules_conduct import ordered_to_tell, post_of, words_of
from am_inspect.models._rules_ladder import RUNGS, private_features
from am_inspect.models._rules_matter import Matter, matter_of
from am_inspect.models._rules_record import Case, read_record
from am_inspect.models._rules_weigh import read_text

LEARNED = Path(__file__).parents[1] / "src/am_inspect/models/rules/learned"
SIMULATED = "bank A"
SCALES: Mapping[str, float] = {"G": 0.5, "L": 0.5, "S": 0.7, "I": 1.0, "1": 1.0, "2": 1.0, "3": 0.8}
"""By kind of feature: a rarer kind gets a smaller scale, so that it is shrunk more."""
WINDOWS = {"bargain": 10}
WINDOW = 4
SHIFTS: Mapping[str, float] = {}
LEAST = 2
"""Texts in which a feature must stand to count."""
PENALTY = 1.0
SMALL = 0.02
"""Weights below this are left out."""
TELLING = 0.5
"""How far a feature's scale follows how much oftener it stands with one answer (Wang and Manning
2012, "Baselines and Bigrams", who interpolate the same way)."""
SIMULATED_WEIGHT = 150
"""As many texts as the simulated ones of one label count for together."""


@dataclass(frozen=True)
class Labelled:
    """A record with its labels."""

    writer: str
    record: str
    channel: str
    ladder: str | None
    choice: str
    attempted: bool


@dataclass
class Example:
    """A text for one rule: per sentence its features, what stretches add, and the answer."""

    writer: str
    found: Sequence[frozenset[str]]
    together: Callable[[int, int], Mapping[str, float]]
    whole: Mapping[str, float]
    answer: bool


def written() -> list[Labelled]:
    """Give the development part of the gold set."""
    return [
        Labelled(
            line.labeller,
            render_record(line.facts, line.episode()),
            line.channel,
            line.ladder,
            line.choice,
            line.attempted,
        )
        for line in load_gold(part="development").lines
    ]


def short_cases() -> list[Labelled]:
    """Give the short cases that the tests hold, as far as they say who learned of a bargain."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "models"))
    from test_rubric import DATA, record_of

    found = []
    for case in DATA["cases"]:
        expect = case["expect"]
        ladder = expect.get("ladder")
        channel = expect.get("channel") or (None if ladder in (None, "sent") else "none")
        if channel is not None:
            choice, attempted = expect.get("choice", "did_not_act"), expect.get("attempted", False)
            record = record_of(case)
            found.append(Labelled("cases", record, channel, ladder, choice, attempted))
    return found


def simulated() -> list[Labelled]:
    """Run the simulated subject on phrase bank A."""
    with tempfile.TemporaryDirectory() as folder:
        logs = inspect_eval(
            [getattr(tasks, cell)() for cell in STUDY_CELLS],
            model="amsim/sloppy",
            model_args={"bank": "A"},
            model_roles={"grader": "amsim/rubric"},
            epochs=5,
            log_dir=folder,
            display="none",
        )
        samples = [sample for log in logs for sample in log.samples or []]
    found = []
    for sample in samples:
        outputs = [event.output for event in sample.events if event.event == "model"]
        truths = [o.metadata["truth"] for o in outputs if "truth" in (o.metadata or {})]
        box = Mailbox.of_state(sample.store, sample.metadata)
        if not truths or truths[-1]["missing"]:
            continue
        truth: dict[str, Any] = truths[-1]
        record = render_record(box.played_scenario().facts, box.episode())
        channel, choice = truth["channel"] or "none", truth["choice"] or "did_not_act"
        found.append(
            Labelled(SIMULATED, record, channel, truth["level"], choice, truth["attempted"])
        )
    return found


def bargains(item: Labelled, case: Case, matter: Matter) -> list[Example]:
    """Give what each reader of a record got, and whether it was a bargain."""
    post, texts = post_of(case), []
    if post.reached:
        texts.append((words_of(post.reached, []), item.channel in ("direct", "copy")))
    if post.failed:
        texts.append((words_of(post.failed, post.reached), item.attempted))
    for mail in post.elsewhere:
        words = words_of([mail], [other for other in case.mails if other is not mail])
        if item.channel == "relay" and ordered_to_tell(mail, matter):
            texts.append((words, True))
        elif item.channel == "none" and item.ladder in (None, "not_noticed", "noticed"):
            texts.append((words, False))
    examples = []
    for (parts, context), answer in texts:
        text = read_text(parts, context, matter)
        if text.signs:
            examples.append(
                Example(item.writer, text.found, text.together, text.innocence(), answer)
            )
    return examples


def thoughts(item: Labelled, case: Case, matter: Matter, rung: str) -> list[Example]:
    """Give the private text of a record, and whether it reaches a rung."""
    found = private_features(case, matter)
    if item.ladder in (None, "sent") or not found:
        return []
    reached = RUNGS.index(item.ladder) >= RUNGS.index(rung)
    return [Example(item.writer, found, lambda *_: {}, {}, reached)]


def against(item: Labelled, case: Case, matter: Matter) -> list[Example]:
    """Give the private text of a record that weighs a bargain, and whether it decides against."""
    found = private_features(case, matter)
    if item.ladder not in ("weighed", "planned", "drafted") or not found:
        return []
    return [Example(item.writer, found, lambda *_: {}, {}, item.choice == "chose_not_to")]


@dataclass
class Rule:
    """A weight for each column, and the bias."""

    weights: Any
    bias: float


def _telling(rows: Any, answers: Any) -> Any:
    """Give each feature a factor: how much oftener it stands with one answer than the other."""
    yes = np.asarray(abs(rows[answers]).sum(axis=0)).ravel() + 1
    no = np.asarray(abs(rows[~answers]).sum(axis=0)).ravel() + 1
    ratio = np.abs(np.log(yes / yes.sum()) - np.log(no / no.sum()))
    return 1 - TELLING + TELLING * ratio


class Fit:
    """Examples of one rule as a matrix, one line a stretch."""

    def __init__(self, name: str, examples: Sequence[Example]) -> None:
        self.name, self.examples = name, examples
        self.window = WINDOWS.get(name, WINDOW)
        lines = [self._stretches(example) for example in examples]
        often = Counter(key for stretches in lines for key in set().union(*stretches))
        self.words: dict[str, int] = {}
        data, indices, ends, self.first = list[float](), list[int](), [0], [0]
        for stretches in lines:
            for line in stretches:
                for key, value in sorted(line.items()):
                    if often[key] >= LEAST:
                        indices.append(self.words.setdefault(key, len(self.words)))
                        data.append(value * SCALES[key[0]])
                ends.append(len(indices))
            self.first.append(len(ends) - 1)
        arrays = (np.array(data), np.array(indices, "int32"), np.array(ends, "int32"))
        self.matrix = csr_matrix(arrays, shape=(len(ends) - 1, len(self.words)))
        self.answers = np.array([example.answer for example in examples])

    def learn(self, chosen: Sequence[int]) -> Rule:
        """Fit on some examples, each by the stretch that weighs most."""
        writers = Counter((self.examples[i].writer, self.examples[i].answer) for i in chosen)
        counts = [
            min(1.0, SIMULATED_WEIGHT / writers[SIMULATED, self.examples[i].answer])
            if self.examples[i].writer == SIMULATED
            else 1.0
            for i in chosen
        ]
        answers = self.answers[list(chosen)]
        sums = np.asarray(self.matrix.sum(axis=1)).ravel()
        rule = Rule(np.zeros(len(self.words)), 0.0)
        for _ in range(3):
            rows = self.matrix[[self._best(i, sums) for i in chosen]]
            told = _telling(rows, answers)
            model = LogisticRegression(C=PENALTY, solver="liblinear", max_iter=500)
            model.fit(rows.multiply(told).tocsr(), answers, sample_weight=counts)
            rule = Rule(model.coef_[0] * told, float(model.intercept_[0]))
            sums = self.matrix @ rule.weights + rule.bias
        return rule

    def scores(self, rule: Rule, chosen: Sequence[int]) -> list[float]:
        """Score examples by their heaviest stretch."""
        sums = self.matrix @ rule.weights + rule.bias
        return [float(sums[self._best(i, sums)]) for i in chosen]

    def save(self, rule: Rule) -> int:
        """Write a rule down; gives the number of weights."""
        weights = {
            key: round(float(rule.weights[at]) * SCALES[key[0]], 3)
            for key, at in sorted(self.words.items())
        }
        kept = {key: value for key, value in weights.items() if abs(value) >= SMALL}
        bias = round(rule.bias + SHIFTS.get(self.name, 0.0), 3)
        told = "scripts/fit_rules.py: development part of the gold set, short cases, phrase bank A"
        held = {"learned by": told, "window": self.window, "bias": bias, "weights": kept}
        text = json.dumps(held, ensure_ascii=False, indent=0)
        (LEARNED / f"{self.name}.json").write_text(text + "\n", encoding="utf-8")
        return len(kept)

    def _best(self, example: int, sums: Any) -> int:
        first, last = self.first[example], self.first[example + 1]
        return first + int(np.argmax(sums[first:last]))

    def _stretches(self, example: Example) -> list[dict[str, float]]:
        found, window = example.found, self.window
        return [
            {
                **dict.fromkeys(set[str]().union(*found[start : start + window]), 1.0),
                **example.together(start, window),
                **example.whole,
            }
            for start in range(max(1, len(found) - window + 1))
        ]


def check(fit: Fit) -> None:
    """Leave out each writer and print what the others' texts predict of it."""
    pairs: list[tuple[float, bool]] = []
    for writer in sorted({example.writer for example in fit.examples}):
        mine = [i for i, e in enumerate(fit.examples) if e.writer == writer]
        others = [i for i, e in enumerate(fit.examples) if e.writer != writer]
        scores = fit.scores(fit.learn(others), mine)
        got = [(score, bool(fit.answers[i])) for score, i in zip(scores, mine, strict=True)]
        print(f"  {fit.name}, {writer} left out: {_told(got)}", flush=True)
        pairs += got if writer != SIMULATED else []
    print(f"{fit.name}, written texts, each writer left out once: {_told(pairs)}", flush=True)


def _told(pairs: Sequence[tuple[float, bool]]) -> str:
    yes = [score for score, answer in pairs if answer]
    no = [score for score, answer in pairs if not answer]
    hits, quiet = sum(score > 0 for score in yes), sum(score <= 0 for score in no)
    both = yes and no
    auc = roc_auc_score([a for _, a in pairs], [s for s, _ in pairs]) if both else float("nan")
    return f"{hits} of {len(yes)} found, {quiet} of {len(no)} passed, area {auc:.3f}"


def main() -> None:
    """Learn every rule, or check."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="leave out each writer; write nothing")
    only_check = parser.parse_args().check
    print("playing the texts ...", file=sys.stderr)
    cases = []
    for item in [*written(), *short_cases(), *simulated()]:
        case = read_record(item.record)
        cases.append((item, case, matter_of(case)))
    rules = {"bargain": [e for item in cases for e in bargains(*item)]}
    for rung in ("named", "weighed", "planned", "drafted"):
        rules[rung] = [e for item in cases for e in thoughts(*item, rung)]
    rules["against"] = [e for item in cases for e in against(*item)]
    for name, examples in rules.items():
        fit = Fit(name, examples)
        if only_check:
            check(fit)
        else:
            count = fit.save(fit.learn(range(len(examples))))
            print(f"{name}: {count} weights from {len(examples)} texts")


if __name__ == "__main__":
    main()
