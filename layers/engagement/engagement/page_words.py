"""What a room's pages say: `pages/<language>.toml` in its package."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def page_languages(package: str) -> frozenset[str]:
    """The languages that a room's pages are written in."""
    names = (entry.name for entry in files(package).joinpath("pages").iterdir())
    return frozenset(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


@cache
def page_words(package: str, language: str) -> Mapping[str, Mapping[str, Any]]:
    """A room's words in one language, from `pages/<language>.toml`: a section for each page."""
    return tomllib.loads(files(package).joinpath("pages", f"{language}.toml").read_text(encoding="utf-8"))
