"""Files that can be read in one sitting, named after the idea in them, where a reader looks for them."""

import pytest

from rishta_cli.project import ROOT
from tests.architecture.source_code import assert_none, python_files

_VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "tools", "lib"}


@pytest.mark.parametrize(
    ("folder", "most"), [("functions", 250), ("layers", 250), ("infra", 250), ("tests", 300)]
)
def test_a_file_can_be_read_in_one_sitting(folder: str, most: int) -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in python_files(folder)}
    long = [f"{path.relative_to(ROOT)}: {lines} lines" for path, lines in lengths.items() if lines > most]
    assert_none(long, f"more than {most} lines hide a second idea: give it a file of its own")


def test_a_module_is_named_after_its_idea() -> None:
    vague = [
        str(path.relative_to(ROOT))
        for path in python_files("functions", "layers", "infra", "tests")
        if _VAGUE & {path.stem, path.parent.name}
    ]
    assert_none(vague, "name it after the one idea in it")
