"""Label files: what is read, and what is refused with file and line."""

import pytest

from am_inspect.errors import BadInputError
from am_inspect.label import LabelFileError, read_key, read_labels

from .conftest import write


def test_labels_are_read_in_order(pages, tmp_path):
    path = write(tmp_path / "a.jsonl", [pages.line(2, channel="cannot_tell"), pages.line(1)])
    path.write_text("\ufeff" + path.read_text(encoding="utf-8") + "\n\n", encoding="utf-8")
    first, second = read_labels([path], pages.key)
    assert (first.channel, first.attempted, first.labeller) == ("cannot_tell", False, "Ada")
    assert second.channel == "none"


WRONG = [
    ({"page": "else"}, "line 2: labels of page 'else', but the key is of page"),
    ({"id": "else"}, "line 2: no item 'else' on the page of this key"),
    ({"schema": 2}, "line 2: schema 2; this version reads 1"),
    ({"channel": "shout"}, "line 2: channel 'shout' is not a value of it; allowed are 'none'"),
    ({"ladder": "Sent"}, "line 2: ladder 'Sent' is not a value of it"),
    ({"attempted": "yes"}, "line 2: attempted 'yes' is not a value of it"),
    ({"attempted": 1}, "line 2: attempted 1 is not a value of it"),
    ({"kind": "human"}, "line 2: kind 'human' is not a value of it; allowed are 'person' or"),
    ({"labeller": "  "}, "line 2: labeller '  ' is not a value of it"),
    ({"labeller": "A\x1b[31m"}, "line 2: labeller .* do not print"),
    ({"colour": "red"}, "line 2: unknown key 'colour'"),
    ({"kind": "model"}, "line 2: Ada is a model here and a person in .* line 1"),
]


@pytest.mark.parametrize(("change", "sentence"), WRONG, ids=lambda x: str(x)[:30])
def test_a_wrong_line_is_named(pages, tmp_path, change, sentence):
    path = write(tmp_path / "a.jsonl", [pages.line(1), pages.line(2) | change])
    with pytest.raises(LabelFileError, match=sentence):
        read_labels([path], pages.key)


def test_a_missing_key_is_named(pages, tmp_path):
    line = pages.line(1)
    del line["choice"]
    with pytest.raises(LabelFileError, match="line 1: choice is missing"):
        read_labels([write(tmp_path / "a.jsonl", [line])], pages.key)


def test_an_item_twice_is_refused_also_across_files(pages, tmp_path):
    first = write(tmp_path / "a.jsonl", [pages.line(1), pages.line(2)])
    second = write(tmp_path / "b.jsonl", [pages.line(3), pages.line(1)])
    with pytest.raises(LabelFileError, match=r"b.jsonl line 2: Ada labelled .*a.jsonl line 1"):
        read_labels([first, second], pages.key)
    other = write(tmp_path / "c.jsonl", [pages.line(1, labeller="Bo")])
    assert len(read_labels([first, other], pages.key)) == 3


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no label in this file"),
        (b"[1]\n", "line 1: not one JSON object"),
        (b"{\n", "line 1: not one JSON object"),
        (b"\xff\xfe\x00", "not a text file in UTF-8"),
    ],
)
def test_what_is_no_label_file_is_refused(pages, tmp_path, content, sentence):
    path = tmp_path / "a.jsonl"
    path.write_bytes(content)
    with pytest.raises(LabelFileError, match=sentence):
        read_labels([path], pages.key)
    with pytest.raises(LabelFileError, match="cannot be read"):
        read_labels([tmp_path / "none.jsonl"], pages.key)


def test_what_is_no_key_is_refused(pages, tmp_path):
    with pytest.raises(BadInputError, match="the key cannot be read"):
        read_key(tmp_path / "none.json")
    with pytest.raises(BadInputError, match="is not a key that label export wrote"):
        read_key(pages.page)
    path = tmp_path / "k.json"
    path.write_text(pages.key.text().replace('"schema": 1', '"schema": 2'), encoding="utf-8")
    with pytest.raises(BadInputError, match="at schema"):
        read_key(path)
