"""An SES that answers over HTTP: takes so many mails a second, each after its latency, and throttles what is above.

`python fake_ses.py RATE LATENCY_MS` prints its port, then serves until its input ends, and prints what it saw as JSON.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field

# As SES: what was not used for a moment may be made up for, but no more than a second's worth of it.
_BURST_SECONDS = 1.0


@dataclass
class Rate:
    """A bucket that fills with `rate` permits a second, and is full when nobody sent for a while."""

    rate: float
    accepted: list[float] = field(default_factory=list)
    throttled: list[float] = field(default_factory=list)
    _permits: float = 0.0
    _at: float | None = None

    def takes(self, now: float) -> bool:
        if self._at is not None:
            self._permits = min(self.rate * _BURST_SECONDS, self._permits + (now - self._at) * self.rate)
        else:
            self._permits = self.rate * _BURST_SECONDS
        self._at = now
        allowed = self._permits >= 1
        self._permits -= allowed
        (self.accepted if allowed else self.throttled).append(now)
        return allowed

    def seen(self) -> dict[str, float]:
        """Mails a second, without the first and the last one, when not all workers send; and the most that arrived
        within any one second.
        """
        begin, end = self.accepted[0] + 1, self.accepted[-1] - 1
        times = [at for at in self.accepted if begin <= at <= end]
        arrivals = sorted([*self.accepted, *self.throttled])
        most, first = 0, 0
        for last, at in enumerate(arrivals):
            while arrivals[first] <= at - 1:
                first += 1
            most = max(most, last - first + 1)
        span = times[-1] - times[0] if len(times) > 1 else 0.0
        return {
            "accepted": len(self.accepted),
            "throttled": len(self.throttled),
            "rate": (len(times) - 1) / span if span else 0.0,
            "most_in_a_second": most,
        }


async def _serve(rate: Rate, latency: float) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = 0
        while head := await _head(reader):
            length = next(
                (int(line[15:]) for line in head.split(b"\r\n") if line[:15].lower() == b"content-length:"), 0
            )
            await reader.readexactly(length)
            if b"outbound-emails" not in head:
                writer.write(_response(b"200 OK", b"{}"))
                continue
            allowed = rate.takes(time.monotonic())
            await asyncio.sleep(latency)
            number += 1
            writer.write(_accepted(number) if allowed else _throttled())
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - who started it reads it
    async with server:
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


def _accepted(number: int) -> bytes:
    return _response(b"200 OK", json.dumps({"MessageId": f"0107-{number}"}).encode())


def _throttled() -> bytes:
    body = b'{"message":"Maximum sending rate exceeded."}'
    return _response(b"429 Too Many Requests", body, b"x-amzn-errortype: TooManyRequestsException\r\n")


def _response(status: bytes, body: bytes, header: bytes = b"") -> bytes:
    return b"HTTP/1.1 %s\r\ncontent-type: application/json\r\n%scontent-length: %d\r\n\r\n%s" % (
        status,
        header,
        len(body),
        body,
    )


if __name__ == "__main__":
    account = Rate(float(sys.argv[1]))
    asyncio.run(_serve(account, int(sys.argv[2]) / 1000))
    print(json.dumps(account.seen()))  # noqa: T201
