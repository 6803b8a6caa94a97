"""The local cloud's pages on a real HTTP server, in a process of its own: its clock stands still, and a browser's must
not. Run as a program it serves until its standard input ends; `CloudServer` is the other side.
"""

import json
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Mapping
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar, Self

from botocore.exceptions import EndpointConnectionError

from engagement.events.base import Event
from local_cloud.cloud import AwsCall, LocalCloud, SentMail
from shop_facts import NOW

_ORDERS = "/.cloud/"
_PAGES = ("PreferencesPageFunction", "ReviewsPageFunction")


class CloudServer:
    """A context manager; `origin` is where the pages are, such as `http://127.0.0.1:40123`."""

    origin: str

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__))], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.origin = self._process.stdout.readline().strip()
        assert self.origin, "the server did not start; its reason is above"
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate("", timeout=30)

    def tell(self, *facts: Event) -> None:
        """Facts of the shop's, and what follows from them at once."""
        self._order("tell", facts=[[type(fact).__name__, fact.model_dump(mode="json")] for fact in facts])

    def settle(self) -> None:
        """What the pages told is heard."""
        self._order("tell", facts=[])

    def advance(self, by: timedelta) -> None:
        self._order("advance", seconds=by.total_seconds())

    def mails(self) -> list[dict[str, Any]]:
        """Each with `to`, `html` and `headers`; its links lead to this server."""
        mails: list[dict[str, Any]] = self._order("mails")
        return mails

    def table(self, name: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self._order("table", table=name)
        return items

    def cut_off(self, *operations: str) -> None:
        """From now on AWS does not answer these, for the pages; none: it answers all again."""
        self._order("cut_off", operations=operations)

    def _order(self, order: str, **what: Any) -> Any:
        request = urllib.request.Request(self.origin + _ORDERS + order, json.dumps(what).encode())
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.loads(answer.read())


class _Pages(BaseHTTPRequestHandler):
    """Requests of a browser to the cloud's pages, and orders of a test."""

    cloud: LocalCloud
    origin: str
    one_at_a_time = threading.Lock()
    # Operations that AWS does not answer the pages.
    away: ClassVar[set[str]] = set()

    @classmethod
    def cut_off(cls, call: AwsCall, moment: str) -> None:
        if call.function in _PAGES and call.operation in cls.away and moment == "before":
            raise EndpointConnectionError(endpoint_url="https://aws.example.com")

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", "0"))).decode()
        with self.one_at_a_time:
            if self.path.startswith(_ORDERS):
                result = self._carry_out(self.path.removeprefix(_ORDERS), json.loads(body))
                self._send(200, {}, json.dumps(result, default=str).encode())
            else:
                sent = dict(self.headers.items())
                answer = self.cloud.http(self.command, self.path, body=body or None, headers=sent)
                self._send(answer.status, answer.headers, answer.body.encode())

    do_GET = do_HEAD = do_POST = answer  # noqa: N815 - the names that http.server asks for

    def _carry_out(self, order: str, what: dict[str, Any]) -> Any:
        if order == "tell":
            self.cloud.publish_many([(kind, fact) for kind, fact in what["facts"]])
            self.cloud.settle()
        if order == "advance":
            self.cloud.advance(by=timedelta(seconds=what["seconds"]))
        if order == "cut_off":
            self.away.clear()
            self.away.update(what["operations"])
        if order == "table":
            return self.cloud.table(what["table"])
        return [self._seen_from_here(mail) for mail in self.cloud.mails] if order == "mails" else None

    def _seen_from_here(self, mail: SentMail) -> dict[str, Any]:
        pages = self.cloud.outputs["PagesUrl"]
        return {
            "to": mail.to,
            "html": mail.html.replace(pages, self.origin),
            "headers": {name: text.replace(pages, self.origin) for name, text in mail.headers.items()},
        }

    def _send(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        pass


def _serve() -> None:
    with LocalCloud(now=NOW) as cloud, ThreadingHTTPServer(("127.0.0.1", 0), _Pages) as server:
        server.daemon_threads = True
        cloud.faults.append(_Pages.cut_off)
        _Pages.cloud, _Pages.origin = cloud, f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.stdout.write(f"{_Pages.origin}\n")
        sys.stdout.flush()
        sys.stdin.read()
        server.shutdown()


if __name__ == "__main__":
    _serve()
