from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.local_cloud.house import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with ExitStack() as exits:
        yield House(tmp_path, exits)
