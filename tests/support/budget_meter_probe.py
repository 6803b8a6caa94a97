"""A program of its own, run by `budget_meter_starts`: imports each function's handler as Lambda would, and counts.

Reads on its standard input, as JSON, the jobs by name; writes what each took, as JSON, by the same names. A job has
`roots` (import roots, by the name under which their files are counted; "" counts by the first folder below it), `door`
(a module), `calls` (functions of it, without arguments, counted one after the other instead of the import). Each job
has a process of its own, forked from this one, which has imported only Python's own library: that is not counted.
"""

import gc
import importlib
import json
import os
import sys
from collections import Counter
from importlib.machinery import SourceFileLoader
from importlib.util import source_from_cache
from pathlib import Path
from types import CodeType
from typing import Any

_AT_ONCE = 2
# Of Python's own library, what many a package wants, and takes long.
_OFTEN_WANTED = """
asyncio concurrent.futures dataclasses datetime decimal email.message fractions html http.client inspect ipaddress
logging.config multiprocessing.managers random ssl tempfile typing unittest.mock urllib.request uuid
xml.etree.ElementTree zipfile zoneinfo
"""
_from_source = SourceFileLoader.source_to_code
_compiled: dict[tuple[bytes, str], CodeType] = {}


def main() -> None:
    jobs: dict[str, dict[str, Any]] = json.load(sys.stdin)
    for name in _OFTEN_WANTED.split():
        importlib.import_module(name)
    for root in {root for job in jobs.values() for root, name in job["roots"].items() if name}:
        _compile_all(Path(root))
    SourceFileLoader.source_to_code = _once_compiled  # type: ignore[method-assign,assignment]
    gc.disable()
    waiting, running, took = list(jobs.items()), dict[int, tuple[str, int]](), dict[str, Any]()
    while waiting or running:
        while waiting and len(running) < _AT_ONCE:
            name, job = waiting.pop(0)
            process, told = _started(job)
            running[process] = (name, told)
        process, status = os.wait()
        name, told = running.pop(process)
        if status:
            sys.exit(f"{name} could not be imported (see above)")
        with os.fdopen(told, encoding="utf-8") as pipe:
            took[name] = json.load(pipe)
    json.dump(took, sys.stdout)


def _compile_all(root: Path) -> None:
    """Once for all: a fresh checkout has no bytecode, and every process would compile the same."""
    for file in root.rglob("*.py"):
        source = file.read_bytes()
        _compiled[source, str(file)] = compile(source, str(file), "exec", dont_inherit=True)


def _once_compiled(loader: SourceFileLoader, data: Any, path: Any, **more: Any) -> CodeType:
    return _compiled.get((bytes(data), str(path))) or _from_source(loader, data, path, **more)


def _started(job: dict[str, Any]) -> tuple[int, int]:
    """The process that does a job, and where to read what it took: less than a pipe holds."""
    reading, writing = os.pipe()
    if process := os.fork():
        os.close(writing)
        return process, reading
    try:
        os.write(writing, json.dumps(_took(**job)).encode())
    except BaseException:  # noqa: BLE001 - whatever an import raises is told, and this process ends here
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


def _took(roots: dict[str, str], door: str, calls: list[str]) -> dict[str, Any]:
    opened = set[str]()
    sys.addaudithook(lambda event, args: _note(opened, args) if event == "open" else None)
    sys.path[:0] = roots
    module = importlib.import_module(door)
    if not calls:
        return _counted(roots, set(sys.modules), opened)
    took = {}
    for call in calls:
        known = set(sys.modules)
        opened.clear()
        getattr(module, call)()
        took[call] = _counted(roots, sys.modules.keys() - known, opened)
    return took


def _counted(roots: dict[str, str], names: set[str], opened: set[str]) -> dict[str, Any]:
    files = [getattr(sys.modules[name], "__file__", None) for name in sorted(names)]
    modules = Counter(package for file in files if file and (package := _package(file, roots)))
    return {
        "modules": dict(sorted(modules.items())),
        "files": sum(_package(each, roots) is not None for each in opened),
    }


def _note(opened: set[str], args: tuple[Any, ...]) -> None:
    path = args[0]
    if isinstance(path, str):
        # Whether there is bytecode differs from one machine to the next; the module is the same.
        opened.add(source_from_cache(path) if path.endswith(".pyc") else path)


def _package(file: str, roots: dict[str, str]) -> str | None:
    for root, name in roots.items():
        if file.startswith(root + os.sep):
            return name or file.removeprefix(root + os.sep).partition(os.sep)[0].removesuffix(".py")
    return None


if __name__ == "__main__":
    main()
