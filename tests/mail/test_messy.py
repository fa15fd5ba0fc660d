"""Messy outputs of the model families, and what must come out of them."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from am_inspect.mail import MailAction, to_action
from am_inspect.mail.reading import read_text

CASES = yaml.safe_load(Path(__file__).with_name("messy.yaml").read_text(encoding="utf-8"))
EMPTY = {"to": [], "cc": [], "bcc": [], "subject": "", "body": "", "in_reply_to": None}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_messy(case):
    parsed = read_text(case["raw"], truncated=case.get("truncated", False)).parsed
    actions = [to_action(call.function, call.arguments) for call in parsed.calls]
    mails = [
        a.model_dump(mode="json", exclude={"reply_all"})
        for a in actions
        if isinstance(a, MailAction)
    ]
    other = [a.model_dump(mode="json") for a in actions if not isinstance(a, MailAction)]
    assert mails == [EMPTY | mail for mail in case.get("mails", [])]
    assert other == case.get("other", [])
    reasons = case.get("dropped", [])
    assert len(parsed.dropped) == len(reasons), parsed.dropped
    for piece, reason in zip(parsed.dropped, reasons, strict=True):
        assert reason in piece.reason
        assert piece.text
    if "words" in case:
        assert parsed.words == case["words"]


def test_enough_cases_in_every_family():
    families = Counter(case["family"] for case in CASES)
    assert len(CASES) >= 170
    assert all(families[name] >= 20 for name in ("llama", "qwen", "gemma", "mistral", "phi"))
    assert len({case["name"] for case in CASES}) == len(CASES)
