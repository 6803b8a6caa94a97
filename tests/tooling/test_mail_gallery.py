"""`rishta mail preview`: the page on which all mails are looked at."""

import re
from html import unescape
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rishta_cli.mails import building
from rishta_cli.mails.building import mail_sources
from rishta_cli.mails.gallery import in_scheme
from rishta_cli.mails.samples import samples, spoken_languages
from rishta_cli.main import app


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("mails")
    done = CliRunner().invoke(app, ["mail", "preview", "--into", str(folder)])
    assert done.exit_code == 0, done.output
    assert str(folder / "index.html") in done.output
    return (folder / "index.html").read_text(encoding="utf-8")


def test_every_mail_is_there_in_every_language_light_and_dark_on_a_phone_and_a_desktop(page: str) -> None:
    titles = set(re.findall(r'<iframe sandbox [^>]*title="([^"]+)"', page))
    assert titles == {
        f"{sample.mail}, {sample.label}, {language}, {screen}, {scheme}"
        for sample in samples()
        for language in spoken_languages()
        for screen in ("phone", "desktop")
        for scheme in ("light", "dark")
    }
    assert {source.mail for source in mail_sources()} == {title.partition(",")[0] for title in titles}


def test_it_shows_subject_preheader_size_and_the_plain_text(page: str) -> None:
    for words in (
        "Asha, your cart is still here",
        "No hurry: what you chose is still in your cart.",
        "कोई जल्दी नहीं। आपकी चुनी हुई चीज़ें अब भी आपके कार्ट में हैं।",
        "Back to my cart: https://preferences.example.com/cart?token=",
    ):
        assert words in unescape(page)
    assert len(re.findall(r"[0-9.]+ KB<", page)) == len(list(samples())) * len(spoken_languages())


def test_it_runs_nothing_and_lets_no_mail_run_anything(page: str) -> None:
    assert "<script" not in page
    frames = re.findall(r"<iframe ([^>]*)", page)
    assert frames
    assert all(frame.startswith("sandbox ") for frame in frames)


def test_a_mail_looks_dark_or_light_whatever_the_screen_is_set_to() -> None:
    html = "<style>@media (prefers-color-scheme: dark) {}</style><meta content='light dark'>"
    assert in_scheme(html, dark=True) == "<style>@media all {}</style><meta content='dark'>"
    assert in_scheme(html, dark=False) == "<style>@media not all {}</style><meta content='light'>"


@pytest.fixture
def greeting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the only mail of the only room."""
    folder = tmp_path / "functions" / "greetings" / "greetings" / "mails" / "greeting"
    folder.mkdir(parents=True)
    (folder / "body.mjml").write_text("<mj-text>Hello</mj-text>")
    (folder / "body.txt").write_text("Hello")
    monkeypatch.setattr(building, "ROOT", tmp_path)
    monkeypatch.setattr(building, "FUNCTIONS", tmp_path / "functions")
    monkeypatch.setattr(building, "rooms", lambda: ["greetings"])
    return folder


def test_a_changed_mail_is_stale_until_it_is_built_and_one_that_is_gone_leaves_nothing(
    greeting: Path,
) -> None:
    compiled = greeting.parent / "compiled"
    assert building.build_mails(check=True) == 1
    assert not compiled.exists()
    assert building.build_mails(check=False) == 0
    assert building.build_mails(check=True) == 0
    assert sorted(file.name for file in compiled.glob("*.py")) == ["greeting_html.py", "greeting_text.py"]

    (greeting / "body.txt").write_text("Hello again")
    (compiled / "farewell_html.py").touch()
    assert building.build_mails(check=True) == 1
    assert building.build_mails(check=False) == 0
    assert "Hello again" in (compiled / "greeting_text.py").read_text()
    assert not (compiled / "farewell_html.py").exists()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<mj-text>Hello", "unexpected end"),
        ("<mj-buton>Hello</mj-buton>", "MJML has no <mj-buton>"),
        ("<mj-text>{{ hello</mj-text>", "unexpected"),
        ("<mj-raw>{% if hello %}</mj-raw>", "endif"),
        ("[% include 'elsewhere.mjml' %]", "elsewhere.mjml"),
    ],
)
def test_a_mail_that_is_wrong_is_told_and_nothing_is_written(
    body: str, said: str, greeting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (greeting / "body.mjml").write_text(body)
    assert building.build_mails(check=False) == 1
    told = capsys.readouterr().out
    assert "mails/greeting (html): " in told
    assert said in told
    assert not (greeting.parent / "compiled").exists()
