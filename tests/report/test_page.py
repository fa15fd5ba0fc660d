"""The page: self-contained, inert, whole, and what a screen reader is given."""

import base64
import csv
import hashlib
import io
import re
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import unquote

import pytest

from am_inspect.report import build_report, to_html, to_markdown
from am_inspect.report.page import inert

HOSTILE = "hf/<img src=x onerror=hit(1)>\"'/</style><script>hit(2)</script>\u202eevil\x07-8b"


class Seen(HTMLParser):
    """All tags with their attributes, and text by tag."""

    def __init__(self, page):
        super().__init__()
        self.tags = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def of(self, *names):
        return [attrs for tag, attrs in self.tags if tag in names]


def page_of(study, **keys):
    return to_html(build_report(study.material(**keys)), linked=False)


@pytest.fixture
def page(whole):
    return page_of(whole)


def test_nothing_is_loaded_and_nothing_runs(page):
    seen = Seen(page)
    assert not seen.of("script", "link", "iframe", "img", "object", "embed", "form", "base")
    addresses = [a[key] for _, a in seen.tags for key in ("href", "src", "action") if key in a]
    assert all(address.startswith(("#", "data:text/csv")) for address in addresses)
    assert not any(name.startswith("on") or name == "style" for _, a in seen.tags for name in a)
    assert "url(" not in page
    assert "@import" not in page


def test_the_policy_allows_the_page_s_own_style_alone(page):
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1].replace("&#39;", "'")
    style = re.search(r"<style>(.*?)</style>", page, re.S)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_text_of_a_log_stays_text(study):
    for cell in ("control", "goal_only", "threat_only", "goal_and_threat", "safety"):
        study.add(model=HOSTILE, cell=cell, yes=6, run={"task_args": {"x": HOSTILE}})
    study.add(model="hf/b/x-70b", yes=3)
    page = page_of(study)
    seen = Seen(page)
    assert not seen.of("script", "img")
    assert "&lt;img src=x onerror=hit(1)&gt;" in page
    assert "\\u202e" in page
    assert "\u202e" not in page
    assert "\x07" not in page


def test_inert_shows_what_steers_a_browser():
    assert inert("a\u202eb\x00c\nd ü") == "a\\u202eb\\x00c\\nd ü"
    assert inert(3) == 3


def test_each_table_can_be_downloaded_whole(whole):
    report = build_report(whole.material())
    links = {a["download"]: a["href"] for a in Seen(page_of(whole)).of("a") if "download" in a}
    tables = report.tables()
    assert set(links) == {f"{name}.csv" for name in tables}
    for name, table in tables.items():
        head, _, body = links[f"{name}.csv"].partition(",")
        assert head == "data:text/csv;charset=utf-8"
        assert unquote(body) == table.csv()


def test_a_formula_in_a_csv_is_text(study):
    study.add(model="=cmd()/x-8b")
    (first, *_) = csv.DictReader(
        io.StringIO(build_report(study.material()).tables()["rates"].csv())
    )
    assert first["model"] == "'=cmd()/x-8b"


def test_structure_for_a_screen_reader_and_the_keyboard(page):
    seen = Seen(page)
    assert seen.tags[0] == ("html", {"lang": "en"})
    assert len(seen.of("h1")) == 1
    levels = [int(tag[1]) for tag, _ in seen.tags if re.fullmatch(r"h\d", tag)]
    assert all(b - a <= 1 for a, b in pairwise(levels))
    ids = [a["id"] for _, a in seen.tags if "id" in a]
    assert len(ids) == len(set(ids))
    wanted = {a["href"][1:] for a in seen.of("a") if a["href"].startswith("#")}
    assert wanted <= set(ids)
    assert all("aria-hidden" in a or a.get("aria-label") for a in seen.of("svg"))
    assert all("scope" in a or "aria-hidden" in a for a in seen.of("th"))
    scrolled = [a for a in seen.of("div") if a.get("class") == "scroll"]
    assert scrolled
    assert all(a["tabindex"] == "0" and a["aria-label"] for a in scrolled)
    assert seen.of("a")[0] == {"class": "skip", "href": "#main"}


def test_both_schemes_and_print_are_styled(page):
    for part in ("prefers-color-scheme: dark", "@media print", "prefers-reduced-motion", "@page"):
        assert part in page


def test_a_whole_study_stays_under_2_megabytes(study):
    cells = ("control", "goal_only", "threat_only", "goal_and_threat", "safety", "permissive")
    for n in range(7):
        for cell in cells:
            study.add(f"hf/some-organisation/a-model-of-ours-{n + 1}b-instruct", cell, 9, 9, 2, 180)
    page = page_of(study)
    assert page.count("<code>am-inspect show") == 5000
    assert len(page.encode()) < 2_000_000


def test_markdown_has_sentences_tables_and_no_markup_of_others(study):
    study.add(model="hf/<b>a|b</b>_x_-8b", yes=3)
    text = to_markdown(build_report(study.material()))
    assert "| hf/\\<b\\>a\\|b\\</b\\>\\_x\\_-8b | goal\\_and\\_threat | 3 | 36 | 8.3% |" in text
    assert "## Read this first" in text
