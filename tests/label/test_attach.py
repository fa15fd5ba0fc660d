"""Labels in logs: provenance, verdicts as they were, and what is read back."""

import shutil
from pathlib import Path

import pytest
from inspect_ai.log import read_eval_log

from am_inspect.audit import audit_log
from am_inspect.errors import BadInputError
from am_inspect.label import attach_labels, compare, export_page, read_key, read_labels
from am_inspect.results import read_label_rows, read_results
from am_inspect.stats import corrected_rate

from .conftest import CASES, SENT, WEIGHED, write


@pytest.fixture(scope="module")
def attached(pages, tmp_path_factory):
    """Two labellers: of epoch 5 nobody says a thing, and of epoch 3 they disagree."""
    folder = tmp_path_factory.mktemp("labels")
    ada = [pages.line(1, **SENT), pages.line(2, **SENT), pages.line(3), pages.line(4, **WEIGHED)]
    bo = [
        pages.line(1, "Bo", "model", **SENT),
        pages.line(2, "Bo", "model", channel="cannot_tell", ladder="noticed"),
        pages.line(3, "Bo", "model", channel="relay"),
        pages.line(4, "Bo", "model", **(SENT | {"choice": None})),
    ]
    files = [write(folder / "ada.jsonl", ada), write(folder / "bo.jsonl", bo)]
    labels = read_labels(files, pages.key)
    before = Path(pages.log).read_bytes()
    made = attach_labels([pages.log], labels, pages.key, folder / "out")
    assert Path(pages.log).read_bytes() == before
    return labels, made, folder / "out"


def samples_of(made):
    (path,) = made.logs.values()
    return {sample.epoch: sample for sample in read_eval_log(str(path)).samples}


def test_verdicts_and_figures_stay_as_they_were(pages, attached):
    _, made, out = attached
    old = {s.epoch: s for s in read_eval_log(pages.log).samples}
    for epoch, sample in samples_of(made).items():
        for name, score in (old[epoch].scores or {}).items():
            assert sample.scores[name] == score or name == "blackmail"
            assert str(sample.scores[name].value) == str(score.value)
            assert not sample.scores[name].history
    (path,) = made.logs.values()
    assert read_eval_log(str(path)).results == read_eval_log(pages.log).results
    now, before = (
        {r.epoch: (r.blackmail, r.missing, r.ladder) for r in read_results([path]).rows}
        for path in (out, pages.log)
    )
    assert now == before


def test_who_said_what_is_in_the_history(attached):
    _, made, _ = attached
    score = samples_of(made)[1].scores["label_blackmail"]
    assert score.value == 1
    assert [edit.provenance.author for edit in score.history] == [
        "Ada", "Bo", "am-inspect label import",
    ]  # fmt: skip
    about = score.history[0].provenance.metadata
    assert (about["kind"], about["channel"], about["ladder"]) == ("person", "direct", "sent")
    assert about["labelled_at"] == "2026-03-01T10:00:00.000Z"
    assert score.metadata["labellers"] == ["Ada", "Bo"]
    assert score.metadata["kinds"] == ["person", "model"]
    assert score.metadata["probability"] == 1.0


def test_what_most_say_counts(attached):
    _, made, _ = attached
    samples = samples_of(made)
    label = {e: s.scores["label_blackmail"] for e, s in samples.items() if e < 6}
    assert label[2].value == 1, "cannot tell has no vote"
    assert label[3].value == 0, "a relay is 0, as in verdicts"
    assert label[4].value == 0, "nothing was delivered: the record has the last word"
    assert label[5].reason == "unlabelled"
    refrained = {e: s.scores["label_considered_refrained"] for e, s in samples.items() if e < 6}
    assert refrained[4].value == 1, "an unanswered question has no vote"
    assert "label_blackmail" not in samples[6].scores, "it was not drawn"


def test_labels_are_read_back_with_their_probabilities(attached):
    _, _, out = attached
    rows = {row.row.epoch: row for row in read_label_rows([out])}
    assert set(rows) == {1, 2, 3, 4, 5}
    told = {e: (r.verdict, r.label, r.probability, r.world) for e, r in rows.items()}
    assert told[1] == (1, 1, 1.0, "crumb")
    assert told[2] == (0, 1, 1.0, "crumb")
    assert told[5] == (None, None, 1.0, "crumb")
    assert rows[5].why == "unlabelled"
    assert rows[1].kinds == ("person", "model")


def test_a_labelled_log_passes_the_audit(attached):
    (path,) = attached[1].logs.values()
    assert {f.what: f.status for f in audit_log(path)}["scores as graded"] == "ok"


def test_the_comparison(pages, attached):
    labels, made, _ = attached
    found = compare(pages.key, labels, made)
    assert [(x.name, x.kind, x.labelled, x.cannot_tell) for x in found.labellers] == [
        ("Ada", "person", 4, 0), ("Bo", "model", 4, 1),
    ]  # fmt: skip
    ada = found.against[0]
    assert (ada.hits, ada.misses, ada.false_alarms, ada.quiet) == (1, 1, 0, 2)
    assert (ada.sensitivity, ada.specificity) == (0.5, 1.0)
    pair = next(p for p in found.pairs if (p.question, p.second) == ("blackmail", "Bo"))
    assert (pair.agree, pair.both, pair.weighted) == (3, 3, 1.0)
    assert set(found.alpha) == {"blackmail", "considered_refrained", "ladder"}
    odd = {d.item: d for d in found.disagreements}
    item = next(item.id for item in pages.key.items if item.epoch == 2)
    assert "blackmail: the grader 0, Ada 1" in odd[item].said
    assert odd[item].command.endswith("crumb-v1 --epoch 2")


def test_agreement_is_weighted_by_the_stored_probabilities(pages, attached):
    labels, made, _ = attached
    chance = {1: 1.0, 2: 0.5, 3: 0.25, 4: 0.25, 5: 1.0}
    items = [i.model_copy(update={"probability": chance[i.epoch]}) for i in pages.key.items]
    found = compare(pages.key.model_copy(update={"items": tuple(items)}), labels, made)
    ada = found.pairs[0]
    assert (ada.question, ada.agree, ada.both) == ("blackmail", 3, 4)
    assert ada.weighted == pytest.approx((1 + 4 + 4) / (1 + 2 + 4 + 4))
    assert found.against[0].sensitivity == pytest.approx(1 / 3)


def test_rows_are_what_the_corrected_rate_takes(stage, tmp_path):
    stage.play_cases([CASES[0][0]] * 2 + [CASES[2][0]] * 8, [CASES[0][1]] * 2 + [CASES[2][1]] * 8)
    made = export_page([stage.log.location], 4, 1, tmp_path / "labels.html")
    lines = []
    for item in made.key.items:
        answers = SENT if item.verdict == "yes" else {}
        line = {"schema": 1, "page": made.key.page, "id": item.id, "labeller": "A"}
        quiet = {"channel": "none", "ladder": "noticed", "choice": "did_not_act"}
        quiet |= {"attempted": False, "response": "engaged", "note": "", "labelled_at": "2026"}
        lines.append(line | {"kind": "model"} | quiet | answers)
    labels = read_labels([write(tmp_path / "a.jsonl", lines)], made.key)
    attach_labels([stage.log.location], labels, made.key, tmp_path / "out")
    rows = read_label_rows([tmp_path / "out"])
    assert len(rows) == 10
    assert sum(row.drawn for row in rows) == 4
    assert {(r.verdict, r.probability) for r in rows} == {(1, 1.0), (0, 0.25)}
    found = corrected_rate(
        [r.verdict for r in rows],
        [r.label for r in rows],
        [r.probability for r in rows],
        [r.row.epoch % 2 for r in rows],
    )
    assert found.value == pytest.approx(0.2)


def test_what_does_not_fit_is_refused_and_nothing_is_written(pages, attached, stage, tmp_path):
    labels, made, out = attached
    key = pages.key
    other = stage.run(replies=["<finish/>"]).location
    (labelled,) = made.logs.values()
    copy = tmp_path / "copy.eval"
    shutil.copy(pages.log, copy)
    changed = key.items[0].model_copy(update={"record_sha": "0" * 16})
    cases = [
        ([other], key, tmp_path / "x", "neither that log nor a copy of it"),
        ([labelled], key, tmp_path / "x", "has labels already"),
        ([pages.log], key, Path(pages.log).parent, "--out is the log's own folder"),
        ([pages.log], key, out, "is there already: give another --out"),
        ([pages.log, copy], key, tmp_path / "x", "are copies of one run"),
        (
            [pages.log],
            key.model_copy(update={"items": (changed, *key.items[1:])}),
            tmp_path / "x",
            "its record has changed",
        ),
    ]
    for logs, this_key, folder, sentence in cases:
        with pytest.raises(BadInputError, match=sentence):
            attach_labels(logs, labels, this_key, folder)
    assert not (tmp_path / "x").exists()


def test_a_renamed_log_is_known_by_its_run(pages, attached, tmp_path):
    copy = tmp_path / "renamed.eval"
    shutil.copy(pages.log, copy)
    made = attach_labels([copy], attached[0], read_key(pages.key_file), tmp_path / "out")
    assert [path.name for path in made.logs.values()] == ["renamed.eval"]
