"""What is shipped is fetched at every cold start."""

from pathlib import Path

from budget_meter import assert_within, budget, differences
from budget_meter_sizes import files_below, size, sizes
from budget_meter_starts import functions_of_template


def test_nothing_that_is_shipped_has_grown_or_shrunk_unnoticed() -> None:
    assert_within(budget("sizes"), sizes(folder for folder, _ in functions_of_template().values()))


def test_a_bigger_file_is_a_difference(tmp_path: Path) -> None:
    (tmp_path / "rules.py").write_text("x" * 5000)
    before = size(files_below(tmp_path))
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "catalogue.json").write_text("x" * 5000)
    assert differences(before, size(files_below(tmp_path))) == [
        "kilobytes: ROSE from 8 to 16",
        "files: ROSE from 1 to 2",
    ]


def test_bytecode_weighs_nothing_and_of_a_compiled_library_only_that_it_is_there(tmp_path: Path) -> None:
    for name in ("rules.py", "rules.cpython-313.pyc", "rules.cpython-313-x86_64-linux-gnu.so"):
        (tmp_path / name).write_text("x" * 9000)
    assert size({file: file for file in tmp_path.iterdir()}) == {"files": 2, "kilobytes": 16}
