"""What a function writes, caught line by line."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class FunctionOutput(io.TextIOBase):
    """Stands in for stdout and stderr in a run. There is one per process, because loggers keep the stream they saw
    first, beyond the run and the local cloud it was made in."""

    def __init__(self) -> None:
        self.on_line: Callable[[str], None] | None = None
        self._started = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self.on_line is None:
            stdout = sys.__stdout__
            return stdout.write(text) if stdout is not None else len(text)
        *lines, self._started = (self._started + text).split("\n")
        for line in lines:
            self.on_line(line)
        return len(text)

    def finish_line(self) -> None:
        if self._started and self.on_line is not None:
            self.on_line(self._started)
        self._started = ""


OUTPUT = FunctionOutput()


@contextmanager
def captured_output(on_line: Callable[[str], None]) -> Iterator[None]:
    """Gives every line written to stdout or stderr to `on_line`."""
    streams = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = OUTPUT
    OUTPUT.on_line = on_line
    try:
        yield
    finally:
        OUTPUT.finish_line()
        OUTPUT.on_line = None
        sys.stdout, sys.stderr = streams
