"""`make audit`: has anything that is locked a known vulnerability, as far as the data about them can be reached?"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

# What requests, urllib3 and pip-audit say of a service that is not there.
_OUT_OF_REACH = re.compile(r"connect|timed? ?out|resolve|retries|unreachable|proxy|HTTP|SSL", re.IGNORECASE)


def audit(pip_audit: str, requirements: str) -> tuple[int, list[str]]:
    """Asks pip-audit about a requirements file with hashes: (exit code, lines for people to read).

    1 if something has a vulnerability; 0 if nothing has, and where the data cannot be reached, which a line says:
    a build must not depend on a service on the internet.
    """
    asked = [pip_audit, "--requirement", requirements, "--require-hashes", "--disable-pip"]
    answer = subprocess.run(
        [*asked, "--format", "json", "--progress-spinner", "off"], capture_output=True, text=True, check=False
    )
    try:
        packages = json.loads(answer.stdout)["dependencies"]
    except json.JSONDecodeError:
        said = (answer.stderr.strip().splitlines() or ["nothing"])[-1]
        if not _OUT_OF_REACH.search(answer.stderr):
            return 1, [f"pip-audit failed, and said: {said}"]
        return 0, [f"Not audited: pip-audit could not reach its data, and said: {said}"]
    return _summary(packages)


def _summary(packages: Sequence[Mapping[str, Any]]) -> tuple[int, list[str]]:
    known = [each for each in packages if "vulns" in each]
    found = [
        f"{each['name']} {each['version']}: {vulnerability['id']}, fixed in {_fixes(vulnerability)}"
        for each in known
        for vulnerability in each["vulns"]
    ]
    lines = [
        *found,
        f"{len(known)} of {len(packages)} locked packages audited, vulnerabilities: {len(found)}",
    ]
    if len(known) < len(packages):
        lines.append(
            "Of the others the package index that is asked here has no data: audit where the public one is in reach."
        )
    return int(bool(found)), lines


def _fixes(vulnerability: Mapping[str, Any]) -> str:
    return ", ".join(vulnerability.get("fix_versions", [])) or "no release yet"


if __name__ == "__main__":
    code, said = audit(*sys.argv[1:3])
    print("\n".join(said))
    sys.exit(code)
