"""A review: one customer's word about one product, from the invitation to write it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Literal


class State(StrEnum):
    INVITED = "invited"
    PENDING = "pending"
    PUBLISHED = "published"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Draft:
    """What a customer wrote, as the form lets it through; a field left empty is empty. `name` is to be shown;
    `language` is that of the words, empty where it is not known.
    """

    rating: int
    title: str
    text: str
    photo_url: str | None
    name: str
    language: str

    def says_the_same_as(self, other: "Draft | None") -> bool:
        """Whether it is word for word the same, in whatever language the page around it was."""
        return other is not None and replace(self, language=other.language) == other


@dataclass(frozen=True)
class Verdict:
    """What the rules make of a draft. `reason`: one word why it is not shown; None where it is."""

    state: State
    reason: str | None = None


@dataclass(frozen=True)
class News:
    """What is still to be told of a review: that it became so, as of that revision and instant (UTC)."""

    what: Literal["submitted", "published", "rejected"]
    revision: int
    at: datetime
    rating: int
    reason: str | None = None


@dataclass(frozen=True)
class Review:
    """`revision` counts all its states, `changed_at` (UTC) is when this one began; a later state began later.

    There is a draft in every state but INVITED. `submitted_at`: when that was written; `published_at`: since when it is
    shown, None where it is not. `invited_at`, `until`: of the invitation. `moderator` decided last, about the revision
    `decided_on`; None where only the rules did. `untold`: what the bus has not taken yet.
    """

    review_id: str
    customer_id: str
    order_id: str
    product_id: str
    product_name: str
    image_url: str | None
    state: State
    reason: str | None
    draft: Draft | None
    revision: int
    submitted_at: datetime | None
    published_at: datetime | None
    changed_at: datetime
    invited_at: datetime | None = None
    until: datetime | None = None
    moderator: str | None = None
    decided_on: int | None = None
    untold: tuple[News, ...] = ()

    @property
    def can_be_edited(self) -> bool:
        """Not once it is shown, nor once a person rejected it."""
        if self.state is State.REJECTED:
            return self.moderator is None
        return self.state in (State.INVITED, State.PENDING)

    @property
    def stars_counted(self) -> int | None:
        """The stars that its product's rating has of it; None where it is not shown."""
        return self.draft.rating if self.draft and self.state is State.PUBLISHED else None
