"""The queues under the names that people use for them, and what lies in them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from local_cloud.ground import Ground
from local_cloud.moto_queues import bodies, queue_at

if TYPE_CHECKING:
    from moto.sqs.models import Queue


class NamedQueues:
    """`by_name` has a nested stack's working queue under the stack's logical id, all others under their own."""

    def __init__(self, ground: Ground, stacks: Mapping[str, str]) -> None:
        self.by_name: dict[str, Queue] = {}
        for logical_id in ground.resources("AWS::SQS::Queue"):
            queue = queue_at(ground.resolve({"Ref": logical_id}))
            is_working = queue.dead_letter_queue is not None
            self.by_name[stacks.get(logical_id, logical_id) if is_working else logical_id] = queue
        self._for_dead_letters = [
            queue.dead_letter_queue for queue in self.by_name.values() if queue.dead_letter_queue is not None
        ]

    def by_arn(self, arn: str) -> Queue:
        found = next((queue for queue in self.by_name.values() if queue.queue_arn == arn), None)
        if found is None:
            raise KeyError(f"No queue {arn} in the template; there are {sorted(self.by_name)}")
        return found

    def dead_letters(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for name, queue in self.by_name.items():
            dead = queue.dead_letter_queue
            if dead is not None and (dead_bodies := bodies(dead)):
                found[name] = dead_bodies
        return found

    def backlog(self) -> Counter[str]:
        return Counter(
            {
                name: len(waiting)
                for name, queue in self.by_name.items()
                if queue not in self._for_dead_letters and (waiting := bodies(queue))
            }
        )
