"""YAML that remembers on which line each value stands, so that an error can say where it is."""

from collections.abc import Sequence
from typing import Any, ClassVar

import yaml

from engagement.errors import InvalidPlanError

# The C parser where it is built in, as in the wheels for Lambda: ten times as fast.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Characters, and things inside one another, of which a plan has a fraction: more is somebody's mischief or slip, and
# every function would read it.
_LONGEST, _DEEPEST = 200_000, 20


class _Loader(_SafeLoader):  # type: ignore[misc]
    """Leaves days as they are written: the plan's models read them, and name the line of one that there is not."""

    yaml_implicit_resolvers: ClassVar = {
        first: [(tag, form) for tag, form in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in _SafeLoader.yaml_implicit_resolvers.items()
    }


class Lines:
    """The line, from 1, of each value, by its path of keys and positions."""

    def __init__(self, root: yaml.Node | None) -> None:
        self._root = root

    def of(self, path: Sequence[str | int]) -> int:
        """The line of the value at `path`, or of the nearest thing above it that exists."""
        line, node = 1, self._root
        for step in path:
            found = self._child(node, step)
            if found is None:
                break
            line, node = found
        return line

    @staticmethod
    def _child(node: yaml.Node | None, step: str | int) -> tuple[int, yaml.Node] | None:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(step):
                    return key.start_mark.line + 1, value
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            child = node.value[step]
            return child.start_mark.line + 1, child
        return None


def read_yaml(text: str, *, source: str) -> tuple[Any, Lines]:
    """The content and its lines. Raises InvalidPlanError for what is not YAML, for a key given twice, and for what can
    be small as a text and endless as a plan: aliases, tags, things deep inside one another.
    """
    if len(text) > _LONGEST:
        raise InvalidPlanError(f"{source}:1: longer than {_LONGEST:,} characters")
    try:
        _refuse_bombs(text, source)
        root = yaml.compose(text, Loader=_Loader)
        content = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader either way
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise InvalidPlanError(f"{source}:{line}: {getattr(error, 'problem', error)}") from None
    except ValueError as error:  # such as a number of thousands of digits
        raise InvalidPlanError(f"{source}:1: {error}") from None
    _refuse_repeated_keys(root, source)
    return content, Lines(root)


def _refuse_bombs(text: str, source: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise InvalidPlanError(f"{source}:{line}: *{event.anchor}: write out what it stands for")
        if tag := getattr(event, "tag", None):
            raise InvalidPlanError(f"{source}:{line}: {tag}: a plan has no tags")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise InvalidPlanError(f"{source}:{line}: more than {_DEEPEST} things inside one another")


def _refuse_repeated_keys(node: yaml.Node | None, source: str) -> None:
    # YAML forbids it and PyYAML takes the last one in silence.
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                raise InvalidPlanError(f"{source}:{key.start_mark.line + 1}: {key.value!r} is given twice")
            seen.add(key.value)
            _refuse_repeated_keys(value, source)
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            _refuse_repeated_keys(child, source)
