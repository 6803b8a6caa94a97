"""Every mail of every room, in every language, with every sample: whole, safe to send, and pleasant to open."""

import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest

from engagement.mail_orders import SendMail
from engagement.plan import engagement_plan
from rishta_cli.mails.building import MailSource, build_mails, mail_sources
from rishta_cli.mails.gallery import preheader
from rishta_cli.mails.samples import Sample, samples, spoken_languages
from rishta_cli.project import ROOT
from tests.architecture.source_code import assert_none

_SAMPLES = list(samples())
# Gmail clips at 102 KB, the rest of the mail included.
_MOST_BYTES = 100_000
_SHOP = urlsplit(engagement_plan().shop.website).hostname
_VOID = {"img", "br", "meta", "link", "hr", "input"}


class _Html(HTMLParser):
    """A mail's elements and addresses; fails where one is closed that is not open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open, f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(params=spoken_languages())
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=_SAMPLES, ids=lambda sample: f"{sample.mail}-{sample.label}")
def sample(request: pytest.FixtureRequest) -> Sample:
    assert isinstance(request.param, Sample)
    return request.param


@pytest.fixture
def mail(sample: Sample, language: str) -> SendMail:
    return sample.composed(engagement_plan(), language)


@pytest.fixture
def html(mail: SendMail) -> _Html:
    return _Html(mail.html)


def test_the_compiled_templates_are_current() -> None:
    assert build_mails(check=True) == 0, "run `make mails`"


def test_the_same_sources_give_the_same_bytes_on_every_machine() -> None:
    """Python mixes the order of its sets by a seed that is another one in every process."""
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", "from rishta_cli.main import app; app()", "mail", "build", "--check"],
            env={"PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, ", 0 stale" in done.stdout) == (0, True), done.stdout + done.stderr


@pytest.mark.parametrize("source", mail_sources(), ids=lambda source: source.mail)
def test_a_mail_has_a_usual_a_long_and_a_minimal_sample(source: MailSource) -> None:
    labels = {each.label for each in _SAMPLES if (each.room, each.mail) == (source.room, source.mail)}
    assert labels >= {"usual", "long", "minimal"}, f"write them into {source.room}/mails/samples.py"


def test_a_mail_is_well_formed_and_says_its_language_and_direction(html: _Html, mail: SendMail) -> None:
    (document,) = html.all("html")
    assert (document["lang"], document["dir"]) == (mail.locale, "ltr")
    assert len(html.all("h1")) == 1
    assert not re.search(r"\{[{%]|[%}]\}|\[\[|\]\]", mail.html + mail.text)


def test_a_mail_is_short_enough_to_be_shown_whole(mail: SendMail) -> None:
    assert len(mail.html.encode()) < _MOST_BYTES
    # Gmail drops a mail's whole style sheet beyond 8192 characters.
    assert sum(map(len, re.findall(r"<style[^>]*>(.*?)</style>", mail.html, re.DOTALL))) < 8192


def test_a_mail_loads_nothing_but_pictures_and_runs_nothing(html: _Html, mail: SendMail) -> None:
    assert {tag for tag, _ in html.elements} & {
        "script",
        "link",
        "iframe",
        "form",
        "object",
        "video",
    } == set()
    assert not re.search(r"@import|@font-face|url\(", mail.html)
    assert not any(name.startswith("on") for _, attributes in html.elements for name in attributes)


def test_every_picture_says_what_it_shows(html: _Html) -> None:
    assert all(picture["alt"].strip() and picture["width"] for picture in html.all("img"))


def test_every_link_to_the_shop_says_which_campaign_it_stood_in(
    html: _Html, mail: SendMail, sample: Sample
) -> None:
    links = [link["href"] for link in html.all("a")] + re.findall(r"https://\S+", mail.text)
    assert links
    to_shop = [link for link in links if urlsplit(link).hostname == _SHOP]
    # Our page /cart leads on to the shop, and says so there; /review is what its mail is about.
    by_our_page = [link for link in links if urlsplit(link).path in ("/cart", "/review")]
    assert len(to_shop + by_our_page) >= 3, "the head, the button, and the plain text's"
    for link in to_shop:
        query = parse_qs(urlsplit(link).query)
        assert query["utm_source"] == ["rishta"]
        assert query["utm_medium"] == ["email"]
        assert query["utm_campaign"] == [sample.campaign]
        assert query["utm_content"] == ["standard"]


def test_both_parts_lead_to_the_same_places(html: _Html, mail: SendMail) -> None:
    written = set(re.findall(r"https://\S+", mail.text))
    # The shop's name, at the top: in plain text it is no link.
    front_door = html.all("a")[0]["href"]
    # Where the HTML has a link for each number of stars, the plain text has one.
    linked = {re.sub("&stars=[1-5]$", "", link["href"]) for link in html.all("a")}
    assert linked == written | {front_door}
    assert {urlsplit(link).path for link in written} >= {"/mail", "/preferences", "/unsubscribe"}
    assert mail.unsubscribe_url in written


def test_the_inbox_shows_the_preheader_and_nothing_of_what_follows(mail: SendMail) -> None:
    assert preheader(mail.html).strip()
    hidden = re.search(r'<div style="display:none[^>]*>(.*?)</div>', mail.html, re.DOTALL)
    assert hidden
    # Inboxes show 140 characters at most; what they do not have of words they take from the blanks.
    assert len(hidden[1]) >= 240
    assert mail.html.index(hidden[0]) < mail.html.index("<table")


def test_every_colour_in_the_dark_is_named_twice_once_for_each_family_of_programs(mail: SendMail) -> None:
    style = "".join(re.findall(r"<style[^>]*>(.*?)</style>", mail.html, re.DOTALL))
    assert style.count("(prefers-color-scheme: dark)") == 1
    for part in ("card", "ink", "quiet", "accent", "button"):
        assert len(re.findall(rf"(?:^|[\s,])\.{part}\b[^{{}}]*\{{[^}}]*#[0-9a-f]{{6}}", style)) >= 2, part
    assert "[data-ogsc]" in style
    assert "[data-ogsb]" in style


def test_plain_text_is_text(mail: SendMail) -> None:
    assert not re.search(r"</?[a-z]+[^>]*>|&[a-z]+;|&#\d+;", mail.text)
    assert "\n\n\n\n" not in mail.text


_TEA, _SIZE = "תה ירוק 250", "מידה: 3"


def of_hebrew_things(fact: str) -> list[Sample]:
    """The usual sample of each mail that names things of the shop's, of which the first now has a Hebrew name."""
    usual = [sample for sample in _SAMPLES if sample.label == "usual" and fact in sample.facts]
    things = [replace(sample.facts[fact][0], name=_TEA, quantity=2) for sample in usual]
    things = [replace(each, options=_SIZE) if hasattr(each, "options") else each for each in things]
    return [
        replace(sample, facts={**sample.facts, fact: (thing,)})
        for sample, thing in zip(usual, things, strict=True)
    ]


@pytest.mark.parametrize(
    "sample", [*of_hebrew_things("lines"), *of_hebrew_things("products")], ids=lambda sample: sample.mail
)
def test_a_name_in_hebrew_does_not_take_the_numbers_beside_it_to_its_other_side(sample: Sample) -> None:
    mail = sample.composed(engagement_plan(), "en")
    assert re.search(rf"<bdi>{_TEA}</bdi>.* × 2<", mail.html)
    assert _SIZE not in mail.html.replace(f"<bdi>{_SIZE}</bdi>", "")


@pytest.mark.parametrize("sample", of_hebrew_things("lines"), ids=lambda sample: sample.mail)
def test_nor_does_it_in_plain_text_where_other_names_stand_as_they_are(sample: Sample) -> None:
    mail = sample.composed(engagement_plan(), "en")
    assert f"- \u2068{_TEA}\u2069 (\u2068{_SIZE}\u2069) × 2: ₹" in mail.text
    for left_to_right in ("Tea", "चाय", "Grüner Tee ½", "抹茶"):
        (thing,) = sample.facts["lines"]
        facts = {**sample.facts, "lines": (replace(thing, name=left_to_right, options=""),)}
        assert (
            f"- {left_to_right} × 2: ₹" in replace(sample, facts=facts).composed(engagement_plan(), "en").text
        )


def test_no_room_writes_html_of_its_own() -> None:
    """The frame, and with it every link that a mail must carry, comes from the base."""
    stray = [str(file.relative_to(ROOT)) for file in (ROOT / "functions").glob("*/*/mails/**/*.html")]
    assert_none(stray, "write it as body.mjml")
