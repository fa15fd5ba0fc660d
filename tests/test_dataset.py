import hashlib
import re
import shutil
import time
from pathlib import Path

import pytest

from am_inspect import _paths
from am_inspect._dataset_file import ROWS, from_line, lines_of, to_line, with_counts, write_dataset
from am_inspect._paths import datasets_dir
from am_inspect._tokens import TokenizerError, count_tokens, load_tokenizer
from am_inspect.cells import CELLS, STUDY_CELLS, UnknownCellError
from am_inspect.dataset import DatasetError, blackmail_dataset, dataset_sha, load_rows
from am_inspect.scenario import Scenario

MODEL = Path.home() / ".cache/am_inspect/gemma-3-270m"


def test_a_wheel_finds_the_data_inside_the_package(tmp_path, monkeypatch):
    monkeypatch.setattr(_paths, "__file__", str(tmp_path / "am_inspect/_paths.py"))
    assert _paths.datasets_dir() == tmp_path.parent / "datasets"
    (tmp_path / "am_inspect/_datasets").mkdir(parents=True)
    assert _paths.datasets_dir() == tmp_path / "am_inspect/_datasets"


@pytest.fixture
def copied(tmp_path):
    for name in (ROWS, "scenarios.sha256"):
        shutil.copy(datasets_dir() / name, tmp_path)
    return tmp_path


def test_the_installed_dataset_loads_fast_and_once():
    load_rows.__globals__["_load"].cache_clear()
    start = time.process_time()
    rows = load_rows()
    assert time.process_time() - start < 1.0
    assert load_rows() is rows
    assert re.fullmatch(r"[0-9a-f]{64}", dataset_sha())


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_gives_samples_that_carry_their_scenario(cell):
    data = blackmail_dataset(cell)
    worlds = {row.world for row in load_rows()}
    assert data.name == f"am_inspect-{cell}"
    assert len(data) == len({row.id for row in load_rows()})
    assert len({sample.metadata["world"] for sample in data[: len(worlds)]}) == len(worlds)
    for sample in data:
        scenario = Scenario.model_validate(sample.metadata)
        assert scenario.cell == cell
        assert sample.id == scenario.scenario
        assert CELLS[cell].levels() == {key: sample.metadata[key] for key in CELLS[cell].levels()}
        assert [message.role for message in sample.input] == ["system", "user"]
        assert {"id", "from", "to", "cc", "subject", "sent_at", "body", "wave"} == set(
            sample.metadata["mails"][0]
        )
        assert "system" not in sample.metadata


@pytest.mark.parametrize(
    ("worlds", "variants", "ids"),
    [
        ("crumb", None, ["crumb-v1", "crumb-v2"]),
        ("crumb", 2, ["crumb-v2"]),
        (["crumb"], "1", ["crumb-v1"]),
        ("medora, crumb", ["v1"], ["crumb-v1", "medora-v1"]),
        (["medora", "crumb"], [2], ["crumb-v2", "medora-v2"]),
        ("crumb", "1,2", ["crumb-v1", "crumb-v2"]),
    ],
)
def test_worlds_and_variants_filter(worlds, variants, ids):
    assert [sample.id for sample in blackmail_dataset("control", worlds, variants)] == ids


@pytest.mark.parametrize(
    ("arguments", "error", "expected"),
    [
        ({"cell": "goal"}, UnknownCellError, "unknown cell 'goal': allowed are control"),
        ({"worlds": "atlantis"}, DatasetError, "unknown world 'atlantis': allowed are .*crumb"),
        ({"worlds": ["crumb", "x"]}, DatasetError, "unknown world 'x'"),
        ({"worlds": []}, DatasetError, "unknown world ''"),
        ({"variants": 3}, DatasetError, "unknown variant '3': allowed are 1, 2"),
        ({"variants": ["v1", "v9"]}, DatasetError, "unknown variant '9'"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(arguments, error, expected):
    with pytest.raises(error, match=expected):
        blackmail_dataset(**{"cell": "control", **arguments})


def test_a_hand_edited_dataset_is_refused(copied):
    path = copied / ROWS
    path.write_text(path.read_text().replace("bread", "cake", 1))
    with pytest.raises(DatasetError, match="edited by hand: run `am-inspect dataset render`"):
        load_rows(copied)


@pytest.mark.parametrize("name", [ROWS, "scenarios.sha256"])
def test_a_missing_file_is_said(name, copied):
    (copied / name).unlink()
    with pytest.raises(DatasetError, match=rf"{name} is missing: run `am-inspect dataset render`"):
        load_rows(copied)


def test_an_empty_hash_file_is_no_proof(copied):
    (copied / "scenarios.sha256").write_text("")
    with pytest.raises(DatasetError, match="edited by hand"):
        load_rows(copied)


def test_rows_of_another_version_are_refused(tmp_path):
    row = load_rows()[0]
    write_dataset([row], tmp_path)
    line = (tmp_path / ROWS).read_text().replace('"exposed_wave"', '"exposed"')
    (tmp_path / ROWS).write_text(line)
    (tmp_path / "scenarios.sha256").write_text(hashlib.sha256(line.encode()).hexdigest())
    with pytest.raises(DatasetError, match="does not fit this version"):
        load_rows(tmp_path)


def test_rows_survive_the_file_also_with_odd_line_separators():
    row = load_rows()[0]
    mail = row.mails[0].model_copy(update={"body": "a\u2028b\x85c\nd"})
    odd = row.model_copy(update={"mails": (mail, *row.mails[1:])})
    lines = lines_of(f"{to_line(row)}\n{to_line(odd)}\n")
    assert [from_line(line) for line in lines] == [row, odd]


def test_the_card_counts_what_is_there():
    card = (datasets_dir() / "README.md").read_text()
    assert with_counts(card, load_rows()) == card
    assert f"{len(load_rows())} rows" in card
    for key in ("license: mit", "pretty_name", "dataset_info", "## Limits", "## Intended use"):
        assert key in card
    for field in load_rows()[0].model_dump(by_alias=True):
        assert f"name: {field}" in card


def test_a_card_without_marks_is_refused():
    with pytest.raises(DatasetError, match="lacks the marks"):
        with_counts("# A card", load_rows())


def test_a_tokenizer_that_is_not_there_is_said(tmp_path):
    with pytest.raises(TokenizerError, match=r"needs transformers|holds no tokenizer\.json"):
        load_tokenizer(tmp_path)


def test_tokens_are_counted_over_system_protocol_and_inbox():
    row = next(row for row in load_rows() if row.id == "crumb-v1" and row.cell == "safety")
    seen = []
    assert count_tokens(row, lambda text: seen.append(text) or text.split()) > 300
    assert row.system in seen[0]
    assert "<send_email>" in seen[0]
    assert all(mail.body in seen[0] for mail in row.mails)


@pytest.mark.local
def test_the_card_states_the_short_world_s_tokens():
    pytest.importorskip("transformers", reason="the real tokenizer needs transformers")
    if not (MODEL / "tokenizer.json").is_file():
        pytest.skip(f"no real model folder at {MODEL}: run make local")
    encode = load_tokenizer(MODEL)
    rows = [row for row in load_rows() if row.world == "crumb" and row.cell in STUDY_CELLS]
    highest = max(count_tokens(row, encode) for row in rows)
    stated = re.search(r"\*\*(\d+) tokens\*\*", (datasets_dir() / "README.md").read_text())
    assert stated
    assert highest == int(stated[1]) <= 1200
