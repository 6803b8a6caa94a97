"""What is held on a person: in the tables, and among the dead letters."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rishta_cli.customers.catalogue import PLACES, Place
from rishta_cli.customers.person import Person
from rishta_cli.customers.tables import Item, TableReader
from rishta_cli.operating.dead_letter_queue import DeadLetter, DeadLetterQueue
from rishta_cli.stacks import Stack

_MOST_LETTERS = 100_000
_ARCHIVE = "Archive"  # the stack's output: its ARN


@dataclass(frozen=True)
class Holding:
    """`items` by the table's logical id; `letters`: bodies of dead letters that name the person, by their queue."""

    items: Mapping[str, list[Item]] = field(default_factory=dict)
    letters: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not any(self.items.values()) and not any(self.letters.values())

    def left_over(self) -> "Holding":
        """What should be gone once the person was erased."""
        kept = {
            name: [each for each in found if PLACES[name].is_left_over(each)]
            for name, found in self.items.items()
        }
        return Holding({name: found for name, found in kept.items() if found}, self.letters)


def places_of(stack: Stack) -> dict[str, Place]:
    """The catalogue's places that the stack has: an older one may lack some."""
    return {name: place for name, place in PLACES.items() if name in stack.resources}


def held_on(stack: Stack, person: Person, now: datetime) -> Holding:
    """Everything, by reads alone; `now` (UTC): dead letters that come later are not looked at."""
    return Holding(
        {name: found for name in places_of(stack) if (found := items_of(stack, name, person))},
        {name: bodies for name in stack.queues() if (bodies := _letters(stack, name, person, now))},
    )


def items_of(stack: Stack, table: str, person: Person) -> list[Item]:
    return PLACES[table].find(TableReader.of(stack, table), person)


def delete_letters(stack: Stack, queue: str, person: Person, now: datetime) -> int:
    """Delete the dead letters that name the person; how many there were."""
    dead = DeadLetterQueue(stack, stack.queues()[queue])
    try:
        found = list(_of_person(dead, person, now))
        for letter in found:
            dead.delete(letter)
        return len(found)
    finally:
        dead.release()


def names(body: str, person: Person) -> bool:
    """Whether a message speaks of the person: one of its texts is their id, their address, or a key with their id."""
    try:
        content = json.loads(body)
    except ValueError:
        return person.customer_id in body or bool(person.address and person.address.lower() in body.lower())
    return any(person.is_named_in(text) for text in _texts(content))


def archive_days(stack: Stack) -> int | None:
    """For how many days the bus's archive keeps a fact; None: there is no archive, or it forgets nothing."""
    if _ARCHIVE not in stack.outputs:
        return None
    name = stack.outputs[_ARCHIVE].rpartition("/")[2]
    return stack.client("events").describe_archive(ArchiveName=name).get("RetentionDays") or None


def _letters(stack: Stack, queue: str, person: Person, now: datetime) -> list[str]:
    dead = DeadLetterQueue(stack, stack.queues()[queue])
    try:
        return [letter.body for letter in _of_person(dead, person, now)]
    finally:
        dead.release()


def _of_person(dead: DeadLetterQueue, person: Person, now: datetime) -> Iterator[DeadLetter]:
    if not dead.count():
        return
    for letter in dead.receive(now, at_most=_MOST_LETTERS):
        if names(letter.body, person):
            yield letter


def _texts(content: object) -> Iterator[str]:
    match content:
        case str():
            yield content
        case dict():
            for inner in content.values():
                yield from _texts(inner)
        case list():
            for inner in content:
                yield from _texts(inner)
        case _:
            return
