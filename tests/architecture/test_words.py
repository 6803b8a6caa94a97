"""Words: what is said in one language is said in every other, with the same facts in it."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from rishta_cli.project import FUNCTIONS, ROOT
from tests.architecture.source_code import LAYER, assert_none

_CATALOGUES = sorted({file.parent for root in (FUNCTIONS, LAYER) for file in root.rglob("*.toml")})
_BASE = LAYER / "mails"
_TEMPLATES = sorted(
    file for folder in _CATALOGUES for file in folder.rglob("*") if file.suffix in (".mjml", ".txt")
)
_MAILS = sorted(
    folder
    for folder in FUNCTIONS.glob("*/*/mails/*")
    if folder.is_dir() and folder.name != "compiled" and not folder.name.startswith("__")
)
# `t("heading")` and, in the frame that all mails share, `base_t("why")`.
_USED = re.compile(r"""\b(t|base_t)\(\s*["'](\w+)["']""")
_DEVANAGARI = re.compile(r"[\u0900-\u097F]")


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def _words(catalogue: Path) -> dict[tuple[str, ...], str]:
    """The words of one language, by section and key; a word with several forms is in there once for each."""
    return dict(_flat(tomllib.loads(catalogue.read_text(encoding="utf-8")), ()))


def _flat(content: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(content, dict):
        for key, value in content.items():
            yield from _flat(value, (*path, key))
    else:
        assert isinstance(content, str), f"{'.'.join(path)} is not a text"
        yield path, content


def _facts_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("folder", _CATALOGUES, ids=_name)
def test_every_catalogue_is_in_the_same_languages(folder: Path) -> None:
    spoken = {file.stem for file in _BASE.glob("*.toml")}
    assert {"en", "hi"} <= spoken
    assert {file.stem for file in folder.glob("*.toml")} == spoken, f"{_name(folder)} wants all of {spoken}"


@pytest.mark.parametrize("folder", _CATALOGUES, ids=_name)
def test_every_language_has_every_word_with_the_same_facts(folder: Path) -> None:
    english = _words(folder / "en.toml")
    wrong = []
    for file in sorted(folder.glob("*.toml")):
        words = _words(file)
        wrong += [
            f"{_name(file)}: {'.'.join(path)} is missing here or in en.toml"
            for path in words.keys() ^ english
        ]
        wrong += [
            f"{_name(file)}: {'.'.join(path)} mentions {_facts_in(text)}, en.toml {_facts_in(english[path])}"
            for path, text in words.items()
            if path in english and _facts_in(text) != _facts_in(english[path])
        ]
        wrong += [
            f"{_name(file)}: {'.'.join(path)} is empty" for path, text in words.items() if not text.strip()
        ]
    assert_none(wrong, "say the same in every language")


@pytest.mark.parametrize(
    "file", [file for folder in _CATALOGUES for file in sorted(folder.glob("*.toml"))], ids=_name
)
def test_a_word_with_several_forms_has_one_for_all_else(file: Path) -> None:
    """Whatever the fact turns out to be, something is said."""
    forms: dict[tuple[str, ...], set[str]] = {}
    for path in _words(file):
        for end in range(4, len(path) + 1, 2):
            forms.setdefault(path[: end - 1], set()).add(path[end - 1])
    assert_none(
        [".".join(path) for path, names in forms.items() if "other" not in names], "say what holds otherwise"
    )


@pytest.mark.parametrize("folder", _CATALOGUES, ids=_name)
def test_hindi_is_in_devanagari(folder: Path) -> None:
    latin = [
        f"{'.'.join(path)} = {text!r}"
        for path, text in _words(folder / "hi.toml").items()
        if not _DEVANAGARI.search(text) and re.search(r"[A-Za-z]", re.sub(r"\{\w+\}", "", text))
    ]
    assert_none(latin, f"translate it in {_name(folder)}/hi.toml")


@pytest.mark.parametrize("folder", _MAILS, ids=_name)
def test_a_mail_has_both_bodies_and_its_words(folder: Path) -> None:
    assert sorted(file.name for file in folder.iterdir()) == ["body.mjml", "body.txt"]
    sections = {path[0] for path in _words(folder.parent / "en.toml")}
    assert folder.name in sections, f"{_name(folder.parent)}/en.toml wants a section [{folder.name}]"
    for word in ("subject", "preheader", "heading"):
        assert (folder.name, word) in {path[:2] for path in _words(folder.parent / "en.toml")}, (
            f"[{folder.name}] wants its {word}"
        )


@pytest.mark.parametrize("template", _TEMPLATES, ids=_name)
def test_every_word_that_a_template_says_exists(template: Path) -> None:
    own = [
        path[:2][-1]
        for path in _words(_catalogue_of(template) / "en.toml")
        if len(path) == 1 or path[0] == template.parent.name or template.parent == _catalogue_of(template)
    ]
    known = {
        "t": {"subject", "preheader", "heading"} if template.parent == _BASE else set(own),
        "base_t": {path[1] for path in _words(_BASE / "en.toml")},
    }
    missing = [
        f'{function}("{word}")'
        for function, word in _USED.findall(template.read_text(encoding="utf-8"))
        if word not in known[function]
    ]
    assert_none(missing, f"{_name(template)} says words that its catalogue lacks")


@pytest.mark.parametrize("folder", _MAILS, ids=_name)
def test_every_word_of_a_mail_is_said(folder: Path) -> None:
    templates = [*folder.glob("body.*"), *_BASE.glob("base.*")]
    said = {word for each in templates for _, word in _USED.findall(each.read_text(encoding="utf-8"))} | {
        "subject"
    }
    words = {path[1] for path in _words(folder.parent / "en.toml") if path[0] == folder.name}
    # The plan chooses among several subjects; `rishta plan check` knows which it asks for.
    words = {word for word in words if not word.startswith("subject_")}
    assert_none(words - said, f"no template of {_name(folder)} says them: take them out in every language")


@pytest.mark.parametrize("folder", _MAILS, ids=_name)
def test_both_bodies_say_the_same(folder: Path) -> None:
    """Somebody reads the plain text; what only the HTML says they would not know."""
    said = {
        body: {word for _, word in _USED.findall((folder / body).read_text(encoding="utf-8"))}
        for body in ("body.mjml", "body.txt")
    }
    assert said["body.mjml"] == said["body.txt"]


def _catalogue_of(template: Path) -> Path:
    return next(folder for folder in template.parents if folder in _CATALOGUES)
