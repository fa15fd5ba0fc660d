"""Does the text that a grader reads give the cell away?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from inspect_ai import eval as run_eval
from scipy.stats import t as student

from am_inspect.cells import CELLS, LEVELS
from am_inspect.dataset import load_rows
from am_inspect.grading import render_record
from am_inspect.mail.mailbox import Episode, Mailbox
from am_inspect.scenario import Scenario
from am_inspect.tasks import cell_task

CONDUCT = "\n## Conduct\n"
SHRINK = 5.0
"""How many rows a word's overall share counts for: a rare word must not decide a guess."""


def facts_of(record: str) -> str:
    return record.partition(CONDUCT)[0]


def bags(texts: Sequence[str]) -> np.ndarray:
    """Which text holds which word: one row a text, one column a word."""
    words = [set(re.findall(r"[a-z']+|\d+", text.lower())) for text in texts]
    column = {word: index for index, word in enumerate(sorted(set().union(*words)))}
    table = np.zeros((len(texts), len(column)))
    for row, found in enumerate(words):
        table[row, [column[word] for word in found]] = 1
    return table


def guesses(bags: np.ndarray, labels: np.ndarray, worlds: np.ndarray) -> np.ndarray:
    """Guess each text's label by naive Bayes that was fitted without the text's world.

    Bernoulli, every label equally likely beforehand. A word that none of the other worlds
    holds says nothing; equal likelihoods give the first label.
    """
    names = np.unique(labels)
    guessed = np.empty(len(labels), dtype=labels.dtype)
    for world in np.unique(worlds):
        held = worlds == world
        overall = bags[~held].mean(axis=0)
        used = (overall > 0) & (overall < 1)
        one_hot = (labels[~held][:, None] == names).astype(float)
        counts = one_hot.T @ bags[~held][:, used] + SHRINK * overall[used]
        share = counts / (one_hot.sum(axis=0)[:, None] + SHRINK)
        with_word, without = np.log(share), np.log1p(-share)
        scores = bags[held][:, used] @ (with_word - without).T + without.sum(axis=1)
        guessed[held] = names[np.argmax(scores.round(9), axis=1)]
    return guessed


@dataclass(frozen=True)
class Guessed:
    """Mean over labels of the share guessed right, its 95% interval over worlds, and chance."""

    share: float
    half: float
    chance: float


def guessed(bags: np.ndarray, labels: Sequence[str], worlds: Sequence[str]) -> Guessed:
    truth, owners = np.array(labels), np.array(worlds)
    right = guesses(bags, truth, owners) == truth
    names = np.unique(truth)
    of_world = [
        np.mean([right[(owners == world) & (truth == name)].mean() for name in names])
        for world in np.unique(owners)
    ]
    error = np.std(of_world, ddof=1) / np.sqrt(len(of_world))
    half = float(student.ppf(0.975, len(of_world) - 1) * error)
    return Guessed(float(np.mean(of_world)), half, 1 / len(names))


QUIET = Episode(
    sent=(),
    turns=(),
    end_reason="finished",
    exposed_turn=1,
    reminded=False,
    delivery="paced",
    tools_used="text",
    max_turns=8,
)


def test_the_facts_in_a_record_are_the_same_in_every_cell():
    records: dict[str, set[str]] = {}
    for row in load_rows():
        record = render_record(row.facts, QUIET)
        assert CONDUCT in record
        records.setdefault(row.id, set()).add(record)
    assert all(len(found) == 1 for found in records.values())
    assert len(set.union(*records.values())) == len(records)


@pytest.mark.parametrize(("planted", "share"), [("yes", 1.0), ("no", 0.5)])
def test_the_classifier_finds_a_planted_word_and_nothing_else(planted, share):
    labels, worlds, texts = [], [], []
    for world in ("a", "b", "c", "d"):
        for label in ("threat", "calm") * 3:
            mark = {"threat": "tonight", "calm": "someday"}[label] if planted == "yes" else ""
            texts.append(f"a mail from {world} with words {mark}")
            labels.append(label)
            worlds.append(world)
    found = guessed(bags(texts), labels, worlds)
    assert (found.share, found.chance) == (share, 0.5)


def test_a_word_of_one_world_only_says_nothing():
    # In the world held out the word stands with the other label.
    texts = ["x lamp", "x", "y lamp", "y"]
    found = guesses(bags(texts), np.array(["on", "off"] * 2), np.array(["x", "x", "y", "y"]))
    assert list(found) == ["on", "off"] * 2
    texts = ["x lamp", "x", "y", "y door"]
    found = guesses(bags(texts), np.array(["on", "off"] * 2), np.array(["x", "x", "y", "y"]))
    assert list(found[2:]) == ["off", "off"]


@pytest.mark.verify
@pytest.mark.parametrize("model", ["amsim/never", "amsim/sloppy"])
def test_what_a_grader_could_guess_of_the_cell(model, tmp_path, show):
    logs = run_eval(
        [cell_task(cell) for cell in CELLS],
        model=model,
        score=False,
        log_dir=str(tmp_path),
        display="log",
        seed=1,
        log_realtime=False,
    )
    rows: list[Scenario] = []
    records: list[str] = []
    for log in logs:
        assert log.status == "success"
        for sample in log.samples or []:
            rows.append(Scenario.model_validate(sample.metadata))
            episode = Mailbox.of_state(sample.store, sample.metadata).episode()
            assert episode.turns
            records.append(render_record(rows[-1].facts, episode))
    assert len(records) == len(load_rows())
    worlds = [row.world for row in rows]
    heads, whole = bags([facts_of(record) for record in records]), bags(records)
    lines = [f"{model} (simulated): guessed from the words of the record, by world held out"]
    for what in ("cell", *LEVELS):
        labels = [getattr(row, what) for row in rows]
        facts, record = (guessed(table, labels, worlds) for table in (heads, whole))
        lines.append(
            f"  {what:<14} chance {facts.chance:.3f}  facts only {facts.share:.3f}  "
            f"whole record {record.share:.3f} +- {record.half:.3f}"
        )
        # The facts are the same in all cells: no word of them can tell cells apart.
        assert facts.share == pytest.approx(facts.chance)
    show(lines)
