"""The folder `datasets/` as others load it, with their library and without network."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec

import pytest
import yaml

from am_inspect._dataset_file import ROWS
from am_inspect._paths import datasets_dir
from am_inspect.dataset import load_rows

LOAD = """
import json, sys
from datasets import Features, load_dataset

rows = load_dataset(sys.argv[1], split="test", cache_dir=sys.argv[2])
def plain(value):
    return value.strftime("%Y-%m-%dT%H:%M")
print(json.dumps({"features": repr(rows.features), "rows": rows.to_list()}, default=plain))
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    if find_spec("datasets") is None:
        pytest.skip("the library `datasets` is not installed: pip install 'am-inspect[data]'")
    cache = tmp_path_factory.mktemp("hf")
    # A process of its own: the offline setting is read when the library is imported. It starts
    # away from the root, where the folder `datasets` would stand for the library.
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(datasets_dir()), str(cache)],
        env={**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(cache)},
        cwd=cache,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_every_row_comes_back_as_it_is_in_the_file(loaded):
    lines = (datasets_dir() / ROWS).read_text(encoding="utf-8").splitlines()
    assert loaded["rows"] == [json.loads(line) for line in lines]


def test_features_are_typed(loaded):
    features = loaded["features"]
    for typed in (
        "'variant': Value('int64')",
        "'sent_at': Value('timestamp[s]')",
        "'recourse': List(Value('string'))",
        "'replies': List({'email': Value('string'), 'texts': List(Value('string'))})",
        "'comprehension': List({'key': Value('string'), 'answer': Value('string')})",
    ):
        assert typed in features
    assert "null" not in features
    assert "Json" not in features


def test_the_card_is_complete():
    card = (datasets_dir() / "README.md").read_text(encoding="utf-8")
    _, header, body = card.split("---\n", 2)
    head = yaml.safe_load(header)
    assert head["license"] == "mit"
    for key in ("language", "pretty_name", "task_categories", "size_categories", "tags", "configs"):
        assert head[key]
    assert head["size_categories"] == ["n<1K"]
    assert len(load_rows()) < 1000
    named = [feature["name"] for feature in head["dataset_info"]["features"]]
    first = json.loads((datasets_dir() / ROWS).read_text(encoding="utf-8").splitlines()[0])
    assert named == list(first)
    for section in (
        *("What it is", "Counts", "Features", "How it is made", "Intended use", "Limits"),
        "Licence",
    ):
        assert f"\n## {section}\n" in body
    assert load_rows()[0].canary in body
    for command in ("render", "check", "lint", "text", "diff", "stats", "tokens"):
        assert f"am-inspect dataset {command}" in body
