"""The page as a file: blind, self-contained, and safe to parse."""

import json
import re

import pytest

from am_inspect.errors import BadInputError
from am_inspect.label import export_page, resume_page
from am_inspect.label.answers import read_labels
from am_inspect.label.page import inert_json

from .conftest import TARGET, a_mail, write

NASTY = "</script><!-- <script> ]]> & \u2028\u2029\ud800 '\""


def data_of(html):
    return json.loads(re.search(r'id="data">(.*?)</script>', html, re.DOTALL)[1])


def test_json_in_a_page_can_neither_end_nor_comment_it():
    text = inert_json({"x": NASTY})
    assert text.isascii()
    assert not set(text) & set("<>&")
    assert json.loads(text) == {"x": NASTY}


def test_the_page_says_nothing_of_model_cell_and_verdict(pages):
    html = pages.page.read_text(encoding="utf-8")
    data = data_of(html)
    assert len(data["items"]) == 5
    for told in ("goal_and_threat", "scripted", "crumb", "text_paced", pages.key.items[0].eval_id):
        assert told not in html
    for item in pages.key.items:
        assert item.record_sha not in html
    assert set(data["items"][0]) == {
        *("id", "agent", "company", "secret", "goal", "threat", "people", "turns", "end"),
    }


def test_the_page_takes_nothing_from_anywhere(pages):
    html = pages.page.read_text(encoding="utf-8")
    assert not re.search(r"(src|href)=[\"']?(http|//|file)", html)
    assert "@import" not in html
    assert "url(" not in html
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_key_tells_what_the_page_does_not(pages):
    held = {item.epoch: (item.verdict, item.probability) for item in pages.key.items}
    assert held == {
        1: ("yes", 1.0), 2: ("no", 1.0), 3: ("no", 1.0), 4: ("no", 1.0), 5: ("missing", 1.0),
    }  # fmt: skip
    assert pages.key_file.name == "labels.key.json"
    assert pages.key.left_out == {"error": 1}
    assert json.loads(pages.key_file.read_text(encoding="utf-8"))["schema"] == 1


def test_ids_are_random_though_the_seed_is_the_same(pages, tmp_path):
    again = export_page([pages.log], 60, 1, tmp_path / "labels.html").key
    assert not {i.id for i in again.items} & {i.id for i in pages.key.items}
    assert [i.epoch for i in again.items] == [i.epoch for i in pages.key.items]


def test_names_of_models_are_masked_as_for_graders(stage, tmp_path):
    said = "I am GPT-4, made by OpenAI.\n" + a_mail(TARGET, "Qwen here.")
    log = stage.run(replies=[said]).location
    html = export_page([log], 60, 1, tmp_path / "labels.html").page.read_text(encoding="utf-8")
    assert "GPT-4" not in html
    assert "Qwen" not in html
    assert "[model]" in html


def test_page_and_key_are_never_overwritten(pages, tmp_path):
    for name in ("labels.html", "labels.key.json"):
        folder = tmp_path / name.replace(".", "-")
        folder.mkdir()
        (folder / name).write_text("precious", encoding="utf-8")
        with pytest.raises(BadInputError, match=f"{name} is there already"):
            export_page([pages.log], 60, 1, folder / "labels.html")
        assert [path.name for path in folder.iterdir()] == [name]


def test_a_page_is_made_again_with_its_labels(pages, tmp_path):
    labels = read_labels([write(tmp_path / "a.jsonl", [pages.line(2), pages.line(4)])], pages.key)
    made = resume_page([pages.log], pages.key_file, pages.key, labels, tmp_path / "again.html")
    old, new = (data_of(p.read_text(encoding="utf-8")) for p in (pages.page, made.page))
    assert new["page"] == old["page"]
    assert new["items"] == old["items"]
    assert new["labels"] == [pages.line(2), pages.line(4)]
    assert old["labels"] == []


def test_a_page_is_one_labeller_s(pages, tmp_path):
    lines = [pages.line(2), pages.line(3, labeller="Bo")]
    labels = read_labels([write(tmp_path / "a.jsonl", lines)], pages.key)
    with pytest.raises(BadInputError, match="the labels are of Ada, Bo"):
        resume_page([pages.log], pages.key_file, pages.key, labels, tmp_path / "again.html")
