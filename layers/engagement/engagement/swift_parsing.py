"""Reading AWS's answers about as fast as json.loads does.

botocore walks each answer along its model, member by member, to turn base64 into bytes, numbers into datetimes and so
on. The JSON of DynamoDB and SQS hardly ever holds anything to turn: such an answer is what json.loads makes of it.
"""

import json
from collections.abc import Mapping
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape
from botocore.parsers import ResponseParser, ResponseParserFactory
from botocore.utils import lowercase_dict

# From here on botocore reads an answer as an error; with 300 it adds what the error's own model says.
_NO_SUCCESS = 300
# What botocore leaves out wherever it comes; and a name written so that no marker would find it.
_ALWAYS_WALKED = (b"null", b'"\\u')
_TURNED = ("blob", "timestamp")

type _Markers = tuple[bytes, ...] | None


class SwiftParserFactory(ResponseParserFactory):
    """A session's `response_parser_factory`. Errors, and all answers but those in JSON, are botocore's to read."""

    def __init__(self) -> None:
        super().__init__()
        self._parsers: dict[str, _SwiftParser | ResponseParser] = {}

    def create_parser(self, protocol_name: str) -> Any:
        """The same for all answers: none of botocore's keeps anything of one."""
        if protocol_name not in self._parsers:
            walking = super().create_parser(protocol_name)
            self._parsers[protocol_name] = _SwiftParser(walking) if protocol_name == "json" else walking
        return self._parsers[protocol_name]


class _SwiftParser:
    """Equal to `walking`, for whatever AWS's own models allow. May be used by several threads."""

    def __init__(self, walking: ResponseParser) -> None:
        self._walking = walking
        self._markers: dict[Shape, _Markers] = {}

    def parse(self, response: dict[str, Any], shape: Shape) -> Any:
        swiftly = self._swiftly(response, shape) if response["status_code"] < _NO_SUCCESS else None
        return self._walking.parse(response, shape) if swiftly is None else swiftly

    def _swiftly(self, response: dict[str, Any], shape: Shape) -> dict[str, Any] | None:
        """None where there may be something to turn."""
        body: bytes = response["body"]
        if not isinstance(shape, StructureShape) or not body:
            return None
        if shape not in self._markers:
            self._markers[shape] = _markers(shape)
        markers = self._markers[shape]
        if markers is None or any(marker in body for marker in markers):
            return None
        try:
            content = json.loads(body.decode())
        except ValueError:
            return None
        if not isinstance(content, dict):
            return None
        parsed = {name: content[name] for name in shape.members if name in content}
        parsed["ResponseMetadata"] = _metadata(response)
        return parsed


def _metadata(response: dict[str, Any]) -> dict[str, Any]:
    headers: Mapping[str, str] = response["headers"]
    metadata: dict[str, Any] = {"HTTPStatusCode": response["status_code"]}
    metadata["HTTPHeaders"] = lowercase_dict(headers)
    if "x-amzn-requestid" in headers:
        metadata["RequestId"] = headers["x-amzn-requestid"]
    checked = response.get("context", {}).get("checksum", {}).get("response_algorithm")
    if checked:
        metadata["ChecksumAlgorithm"] = checked
    return metadata


def _markers(answer: StructureShape) -> _Markers:
    """What stands in each answer of this shape that has something to turn: the names of the members that botocore does
    not take as they are, in quotes. A text of a customer's may hold them as well: it is walked then, and no harm done.

    None for a shape that must always be walked.
    """
    names: set[str] = set()
    seen: set[str] = set()
    left: list[Shape] = [answer]
    while left:
        shape = left.pop()
        if shape.name in seen:
            continue
        seen.add(shape.name)
        if not _is_plain(shape):
            return None
        members: Mapping[str, Shape] = shape.members if isinstance(shape, StructureShape) else {}
        names |= {name for name, member in members.items() if _is_turned(member)}
        left += [member for member in (*members.values(), *_inner(shape)) if not _is_turned(member)]
    return (*_ALWAYS_WALKED, *(f'"{name}"'.encode() for name in sorted(names)))


def _is_plain(shape: Shape) -> bool:
    """Whether JSON has it as botocore gives it, but for what is turned in the members that have names."""
    if isinstance(shape, StructureShape):
        special = (shape.event_stream_name, shape.is_document_type, shape.is_tagged_union)
        return not any(special) and all(
            member.serialization.get("name", name) == name for name, member in shape.members.items()
        )
    return not (isinstance(shape, MapShape) and _is_turned(shape.value))


def _inner(shape: Shape) -> tuple[Shape, ...]:
    if isinstance(shape, MapShape):
        return (shape.value,)
    return (shape.member,) if isinstance(shape, ListShape) else ()


def _is_turned(shape: Shape) -> bool:
    while isinstance(shape, ListShape):
        shape = shape.member
    return shape.type_name in _TURNED
