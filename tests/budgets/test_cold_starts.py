"""What a function imports and opens when it is started, it imports and opens at every cold start."""

import compileall
from collections.abc import Callable
from pathlib import Path

import pytest

from budget_meter import Figures, assert_within, budget, differences
from budget_meter_starts import clients, cold_starts, functions_of_template

type Room = Callable[..., tuple[Path, str]]


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """Makes a function whose door imports one module of its own, `rules`; by its modules' texts, where they differ."""

    def make(name: str, **modules: str) -> tuple[Path, str]:
        package = tmp_path / name / "shop"
        package.mkdir(parents=True)
        for module, text in ({"door": "import shop.rules", "rules": ""} | modules).items():
            (package / f"{module}.py").write_text(text)
        return package.parent, "shop.door"

    return make


def test_no_function_imports_or_opens_more_or_less_than_its_budget() -> None:
    assert_within(budget("cold_starts"), cold_starts(functions_of_template()))


def test_no_client_of_aws_imports_or_opens_more_or_less_than_its_budget() -> None:
    assert_within(budget("clients"), clients())


def test_one_import_or_file_more_is_a_difference_and_bytecode_is_none(room: Room) -> None:
    compiled = room("compiled")
    assert compileall.compile_dir(compiled[0], quiet=2)
    reading = room("reading", rules="open(__file__.removesuffix('rules.py') + 'words.json').close()")
    (reading[0] / "shop" / "words.json").write_text("{}")
    took = cold_starts(
        {
            "before": room("before"),
            "compiled": compiled,
            "own": room("own", rules="import shop.prices", prices=""),
            "theirs": room("theirs", rules="import six"),
            "reading": reading,
        }
    )
    assert more(took, "compiled") == []
    assert more(took, "own") == ["files: ROSE from 2 to 3", "modules, shop: ROSE from 2 to 3"]
    assert more(took, "theirs") == ["modules, six: not in the budget, now 1", "files: ROSE from 2 to 3"]
    assert more(took, "reading") == ["files: ROSE from 2 to 3"]


def more(took: Figures, name: str) -> list[str]:
    before, after = took["before"], took[name]
    assert not isinstance(before, int)
    assert not isinstance(after, int)
    return differences(before, after)


def test_what_lambda_would_not_have_cannot_be_imported(room: Room) -> None:
    with pytest.raises(AssertionError, match=r"No module named 'pytest'[\s\S]*shop could not be imported"):
        cold_starts({"shop": room("room", rules="import pytest")})


def test_a_clients_import_is_a_difference_where_it_is_first_used(tmp_path: Path) -> None:
    (tmp_path / "engagement").mkdir()
    made = "".join(f"def {name}(): import six\n" for name in ("dynamodb", "sqs", "events", "ssm"))
    (tmp_path / "engagement" / "aws.py").write_text(f"{made}def sesv2(): pass\n")
    one, none = {"modules": {"six": 1}, "files": 1}, {"modules": {}, "files": 0}
    assert clients(tmp_path) == {"dynamodb": one, "sqs": none, "events": none, "ssm": none, "sesv2": none}
