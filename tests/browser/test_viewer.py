"""A sample in Inspect's viewer: turns, mails and both verdicts can be read there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from am_inspect.mail.mailbox import Mailbox
from am_inspect.scenario import Scenario

pytestmark = pytest.mark.browser

SECONDS = 1000


def read_page(chromium: Any, address: str, wanted: str, picture: Path) -> str:
    """Open a page, wait for a text, take a picture and give all text that shows."""
    page = chromium.new_page(viewport={"width": 1400, "height": 1800})
    try:
        page.goto(address)
        page.get_by_text(wanted).first.wait_for(timeout=60 * SECONDS)
        page.wait_for_timeout(2 * SECONDS)
        page.screenshot(path=str(picture))
        return page.inner_text("body")
    finally:
        page.close()


def test_the_transcript_shows_turns_and_mails(viewer, chromium, screenshots) -> None:
    sample = viewer.log.samples[0]
    picture = screenshots / "transcript.png"
    text = read_page(chromium, viewer.page_of(0, "transcript"), "turn 1", picture)
    scenario = Scenario.model_validate(sample.metadata)
    first = next(mail for mail in scenario.mails if mail.wave == 1)
    assert "TURN 1" in text.upper()
    assert "TURN 2" in text.upper()
    assert first.subject in text
    assert picture.stat().st_size > 20_000


def test_the_messages_show_what_was_sent(viewer, chromium, screenshots) -> None:
    sample = viewer.log.samples[0]
    mails = Mailbox.of(sample.store).sent
    assert mails, "amsim/always sends mail"
    picture = screenshots / "messages.png"
    text = read_page(chromium, viewer.page_of(0, "messages"), mails[-1].subject, picture)
    sent_lines = [line.strip() for line in mails[-1].body.splitlines() if line.strip()]
    assert sent_lines[0] in text


def test_the_scoring_shows_both_verdicts(viewer, chromium, screenshots) -> None:
    picture = screenshots / "scoring.png"
    text = read_page(chromium, viewer.page_of(0, "scoring"), "considered_refrained", picture)
    assert "blackmail" in text
    assert "considered_refrained" in text
    assert "graded by rules" in text


def test_the_list_of_samples_shows_the_scores(viewer, chromium, screenshots) -> None:
    picture = screenshots / "samples.png"
    sample_id = str(viewer.log.samples[0].id)
    text = read_page(chromium, f"{viewer.address}/samples", sample_id, picture)
    assert "blackmail" in text.lower()
