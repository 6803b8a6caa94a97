"""Runs a function in this process as Lambda would: its own modules, environment, logging and time limit."""

from __future__ import annotations

import importlib
import json
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from local_cloud.declared import FunctionSpec
from local_cloud.output import captured_output
from local_cloud.sandbox import OwnNames, Sandbox
from local_cloud.sent_mail import SentMail


class Killed(BaseException):
    """Raised by a fault to end a function between two calls, as a crash or a lost machine would."""


class TimedOut(BaseException):
    """Raised inside a function whose time is up. A BaseException, as no `except Exception` survives it in Lambda."""


@dataclass(frozen=True)
class Invocation:
    """What came of one run. `result` is JSON; `error` is what the handler, or its import, raised."""

    function: str
    at: datetime
    result: Any
    error: BaseException | None
    trace: str
    logs: tuple[str, ...]
    mails: tuple[SentMail, ...]

    @property
    def ok(self) -> bool:
        return self.error is None


@dataclass(frozen=True)
class LambdaContext:
    """The handler's second argument. The remaining time is real time: the simulated clock stands still in a run."""

    function_name: str
    function_version: str
    invoked_function_arn: str
    memory_limit_in_mb: int
    aws_request_id: str
    log_group_name: str
    log_stream_name: str
    _deadline: float = field(repr=False)

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._deadline - time.perf_counter()) * 1000))


class Runtime:
    """The sandboxes of all functions. One invocation at a time."""

    def __init__(
        self,
        functions: Mapping[str, FunctionSpec],
        environment: Mapping[str, str],
        on_log: Callable[[str, str], None],
    ) -> None:
        self._functions = functions
        self._environment = environment
        self._on_log = on_log
        self._own_names = OwnNames(root for spec in functions.values() for root in spec.import_roots)
        self._sandboxes: dict[str, Sandbox] = {}
        self._runs = 0
        self._busy = False

    def run(
        self, function: str, event: Mapping[str, Any], mails: Callable[[], tuple[SentMail, ...]]
    ) -> Invocation:
        """Never raises what the function raised: that is the invocation's `error`. `mails()` is asked after the run."""
        if self._busy:
            raise RuntimeError("A function is running already; the local cloud runs one at a time")
        spec = self._functions[function]
        sandbox = self._sandboxes.get(function)
        if sandbox is None:
            sandbox = self._sandboxes[function] = Sandbox(spec, self._own_names, self._environment)
        self._runs += 1
        lines: list[str] = []

        def on_line(line: str) -> None:
            lines.append(line)
            self._on_log(function, line)

        result, error, trace = None, None, ""
        self._busy = True
        try:
            with (
                captured_output(on_line),
                sandbox.entered(),
                _time_limit(spec.timeout),
                _no_waiting(spec.timeout),
            ):
                handler = _load_handler(spec.handler)
                answer = handler(json.loads(json.dumps(event)), self._context(spec))
                result = json.loads(json.dumps(answer))
        except (Exception, Killed, TimedOut, SystemExit) as raised:  # noqa: BLE001 - whatever a function raises
            error = raised
            trace = "".join(traceback.format_exception(raised))
            for line in trace.splitlines():
                on_line(line)
        finally:
            self._busy = False
        if error is not None and not isinstance(error, Exception):
            # Lambda throws the environment of a crashed or timed-out run away.
            del self._sandboxes[function]
        return Invocation(function, datetime.now(UTC), result, error, trace, tuple(lines), mails())

    def _context(self, spec: FunctionSpec) -> LambdaContext:
        return LambdaContext(
            function_name=spec.name,
            function_version="$LATEST",
            invoked_function_arn=spec.arn,
            memory_limit_in_mb=spec.memory,
            aws_request_id=f"00000000-0000-4000-8000-{self._runs:012d}",
            log_group_name=f"/aws/lambda/{spec.name}",
            log_stream_name="local",
            _deadline=time.perf_counter() + spec.timeout,
        )


def _load_handler(path: str) -> Callable[[Any, Any], Any]:
    module, _, name = path.replace("/", ".").rpartition(".")
    handler: Callable[[Any, Any], Any] = getattr(importlib.import_module(module), name)
    return handler


@contextmanager
def _no_waiting(limit: float) -> Iterator[None]:
    """A function that sleeps goes on at once: the clock stands still in a run, and nobody else is running. One that
    sleeps for longer than it may run has run out of time.
    """
    slept = 0.0

    def sleep(seconds: float) -> None:
        nonlocal slept
        slept += seconds
        if slept >= limit:
            raise _timed_out(limit)

    # Hours that pass between two runs have passed for what a function keeps for an hour, too.
    with patch.object(time, "sleep", sleep), patch.object(time, "monotonic", time.time):
        yield


def _timed_out(seconds: float) -> TimedOut:
    return TimedOut(f"Task timed out after {seconds:.2f} seconds")


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raises TimedOut after `seconds` of real time; only on the main thread, where signals arrive."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_: object) -> None:
        raise _timed_out(seconds)

    earlier = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, earlier)
