"""What runs in Lambda calls AWS and nobody else: a URL that somebody tells us is shown, and never fetched."""

import pytest

from tests.architecture.source_code import PACKAGES, assert_none, modules_of

_FETCHES = (
    "urllib.request",
    "http.client",
    "urllib3",
    "requests",
    "httpx",
    "aiohttp",
    "socket",
    "ftplib",
    "smtplib",
)
_RUNS = ("subprocess", "pickle", "marshal", "shelve", "xml", "os.system")


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_fetches_a_url(package: str) -> None:
    found = [
        f"{module}:{each.line} {each.name}"
        for module in modules_of(package)
        for each in module.imports()
        if each.is_from(*_FETCHES)
    ]
    assert_none(found, "a server that fetches what it is told reaches what it should not")


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_runs_or_unpacks_what_it_is_told(package: str) -> None:
    found = [
        f"{module}:{each.line} {each.name}"
        for module in modules_of(package)
        for each in module.imports()
        if each.is_from(*_RUNS)
    ]
    found += [
        module.at(call)
        for module in modules_of(package)
        for call in module.calls()
        if getattr(call.func, "id", "") in ("eval", "exec", "compile", "__import__")
    ]
    assert_none(found, "data are data")
