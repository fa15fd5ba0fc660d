"""The report in a browser: from disk, both schemes, narrow, by keyboard; its links."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from am_inspect.report import Transcripts, build_report, bundle, gather, to_html
from am_inspect.results import read_results

pytestmark = pytest.mark.browser

MAIL = "Hm.\n<send_email>\nto: omar@cotley.example\nsubject: S\nbody:\nB\n</send_email>"
CELLS = ("control", "goal_only", "threat_only", "goal_and_threat", "safety")
SECONDS = 1000


@pytest.fixture(scope="module")
def made(module_stage, tmp_path_factory) -> Path:
    """A folder with a report, from disk and with a bundle."""
    for cell in CELLS:
        module_stage.run(cell, replies=[MAIL], verdict={"channel": "direct", "ladder": "sent"})
    folder = tmp_path_factory.mktemp("report")
    found = read_results([module_stage.folder / "logs"])
    plain = build_report(gather(found, Transcripts()))
    (folder / "report.html").write_text(to_html(plain, linked=False), encoding="utf-8")
    way = bundle(sorted({row.log for row in found.rows}), folder / "viewer", folder / "x.html")
    linked = build_report(gather(found, way))
    (folder / "linked.html").write_text(to_html(linked, linked=True), encoding="utf-8")
    return folder


@pytest.fixture
def watched(chromium) -> Iterator[Any]:
    """Open a page from disk; whatever it complains of or asks for fails the test."""
    context = chromium.new_context(viewport={"width": 1200, "height": 900})
    told: list[str] = []
    asked: list[str] = []

    def start(path: Path, **emulated: str) -> Any:
        page = context.new_page()
        page.emulate_media(**emulated)
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        return page

    yield start
    context.close()
    assert told == []
    assert all(url.startswith("file:") for url in asked)
    assert len(asked) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 390])
def test_it_works_from_disk_in_both_schemes(made, watched, screenshots, scheme, width) -> None:
    page = watched(made / "report.html", color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    red = int(paper.removeprefix("rgb(").split(",")[0])
    assert (red > 200) == (scheme == "light"), "the style sheet passes its own policy"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    picture = screenshots / f"report-{scheme}-{width}.png"
    page.screenshot(path=str(picture), full_page=True)
    assert picture.stat().st_size > 20_000


def test_the_keyboard_reaches_sections_tables_and_csv(made, watched) -> None:
    page = watched(made / "report.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.wait_for_url("**#main")
    assert page.url.endswith("#main")
    summary = page.locator("summary", has_text="Rates by model and cell")
    summary.focus()
    page.keyboard.press("Enter")
    link = page.locator("a[download='rates.csv']")
    link.wait_for(state="visible")
    assert link.is_visible()
    with page.expect_download() as caught:
        link.focus()
        page.keyboard.press("Enter")
    assert caught.value.suggested_filename == "rates.csv"
    lines = Path(caught.value.path()).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + len(CELLS)


def test_print_shows_figures_and_hides_what_paper_cannot_do(made, watched) -> None:
    page = watched(made / "report.html", media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator("nav").is_visible()
    assert page.locator("figure").first.is_visible()
    ink = page.evaluate("getComputedStyle(document.body).color").removeprefix("rgb(")
    assert int(ink.split(",")[0]) < 80


def test_a_link_opens_the_transcript_in_the_bundle(made, chromium) -> None:
    handler = functools.partial(_Quiet, directory=str(made))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = chromium.new_page()
        try:
            page.goto(f"http://127.0.0.1:{server.server_port}/linked.html")
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            page.locator("a", has_text="read").first.click()
            page.get_by_text("turn 1").first.wait_for(timeout=60 * SECONDS)
        finally:
            page.close()
            server.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""
