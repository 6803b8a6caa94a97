"""`make audit`: what fails it, what it says where it cannot look, and that it looks at all templates."""

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from rishta_cli.known_vulnerabilities import audit
from rishta_cli.project import ROOT

_CHECKOV = (ROOT / "infra/audit/checkov.yaml").read_text(encoding="utf-8")
# Of all three locks.
[_INDEX] = {
    package["source"]["registry"]
    for lock in ("uv.lock", "infra/sam_cli/uv.lock", "infra/audit/uv.lock")
    for package in tomllib.loads((ROOT / lock).read_text(encoding="utf-8"))["package"]
    if "registry" in package["source"]
}


def pip_audit(folder: Path, *, says: str = "", complains: str = "", exits: int = 0) -> str:
    """A pip-audit that answers so."""
    program = folder / "pip-audit"
    program.write_text(
        f"#!{sys.executable}\nimport sys\n"
        f"sys.stdout.write({says!r})\nsys.stderr.write({complains!r})\nsys.exit({exits})\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    return str(program)


def dependencies(*packages: dict[str, Any]) -> str:
    return json.dumps({"dependencies": list(packages), "fixes": []})


SAFE = {"name": "safe", "version": "1.0", "vulns": []}
UNKNOWN = {"name": "unknown", "skip_reason": "Dependency not found on PyPI"}
LEAKY = {"name": "leaky", "version": "1.0", "vulns": [{"id": "CVE-2026-1", "fix_versions": ["1.1"]}]}


def test_a_known_vulnerability_fails_the_audit_and_says_what_mends_it(tmp_path: Path) -> None:
    code, lines = audit(pip_audit(tmp_path, says=dependencies(SAFE, LEAKY), exits=1), "requirements.txt")
    assert code == 1
    assert lines == [
        "leaky 1.0: CVE-2026-1, fixed in 1.1",
        "2 of 2 locked packages audited, vulnerabilities: 1",
    ]


def test_without_a_vulnerability_the_audit_passes(tmp_path: Path) -> None:
    code, lines = audit(pip_audit(tmp_path, says=dependencies(SAFE)), "requirements.txt")
    assert (code, lines) == (0, ["1 of 1 locked packages audited, vulnerabilities: 0"])


def test_packages_that_nobody_knows_of_are_not_passed_over_in_silence(tmp_path: Path) -> None:
    code, lines = audit(pip_audit(tmp_path, says=dependencies(SAFE, UNKNOWN)), "requirements.txt")
    assert code == 0
    assert lines[0] == "1 of 2 locked packages audited, vulnerabilities: 0"
    assert "no data" in lines[1]


def test_out_of_reach_is_said_and_fails_nothing(tmp_path: Path) -> None:
    offline = pip_audit(tmp_path, complains="ConnectionError: no route\n", exits=1)
    code, lines = audit(offline, "requirements.txt")
    assert code == 0
    assert lines == ["Not audited: pip-audit could not reach its data, and said: ConnectionError: no route"]


def test_checkov_looks_at_every_template() -> None:
    stacks = {str(path.relative_to(ROOT)) for path in ROOT.glob("infra/stacks/*.yaml")}
    assert set(yaml.safe_load(_CHECKOV)["file"]) == {"template.yaml", *stacks}


def test_every_check_that_is_left_out_says_why() -> None:
    skipped = yaml.safe_load(_CHECKOV)["skip-check"]
    reasons = dict(re.findall(r"^  - (CKV_AWS_\d+) *# (.{20,})$", _CHECKOV, re.MULTILINE))
    assert list(reasons) == skipped
    assert len(skipped) <= 8, "a baseline that grows is none: mend the template instead"


def test_nothing_of_checkov_goes_over_the_network() -> None:
    assert yaml.safe_load(_CHECKOV)["skip-download"] is True


@pytest.mark.parametrize("project", [".", "infra/sam_cli", "infra/audit"])
def test_every_locked_file_has_its_hash_and_comes_from_the_index(project: str) -> None:
    lock = tomllib.loads((ROOT / project / "uv.lock").read_text(encoding="utf-8"))
    own = {"editable": "."}, {"virtual": "."}
    for package in lock["package"]:
        if package["source"] in own:
            continue
        assert package["source"] == {"registry": _INDEX}, package["name"]
        files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
        assert files, package["name"]
        assert all(re.fullmatch("sha256:[0-9a-f]{64}", file["hash"]) for file in files), package["name"]


@pytest.mark.parametrize("project", [".", "infra/sam_cli", "infra/audit"])
def test_what_is_asked_for_is_what_was_locked(project: str) -> None:
    """As `uv lock --check` finds, without asking the index: each dependency as written is the lock's."""
    asked = tomllib.loads((ROOT / project / "pyproject.toml").read_text(encoding="utf-8"))
    lock = tomllib.loads((ROOT / project / "uv.lock").read_text(encoding="utf-8"))
    name = asked["project"]["name"]
    [own] = [package for package in lock["package"] if package["name"] == name]
    metadata = own["metadata"]
    locked = _by_name(metadata.get("requires-dist", []))
    assert locked == _wanted(asked["project"]["dependencies"])
    for group, wanted in asked.get("dependency-groups", {}).items():
        plain = [each for each in wanted if isinstance(each, str)]
        locked = _by_name(metadata["requires-dev"][group])
        assert _wanted(plain).items() <= locked.items(), group


def _by_name(requirements: list[dict[str, Any]]) -> dict[str, str]:
    return {each["name"]: _in_order(each.get("specifier", "")) for each in requirements}


def _wanted(requirements: list[str]) -> dict[str, str]:
    found = [re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*([^;]*)", each) for each in requirements]
    return {each[1].lower().replace("_", "-"): _in_order(each[2]) for each in found if each}


def _in_order(specifier: str) -> str:
    return ",".join(sorted(part.strip() for part in specifier.split(",") if part.strip()))
