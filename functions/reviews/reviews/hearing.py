"""Hearing: which part of the room a fact is for."""

from dataclasses import dataclass

from engagement.events.customers import CustomerErased
from engagement.events.reviews import ReviewInvited, ReviewModerated
from reviews.erasing import Erasing
from reviews.inviting import Inviting
from reviews.moderating import Moderating


@dataclass(frozen=True)
class Hearing:
    inviting: Inviting
    moderating: Moderating
    erasing: Erasing

    def apply(self, fact: ReviewInvited | ReviewModerated | CustomerErased) -> None:
        """Any number of times, in any order. Raises MalformedMessageError and RetryLaterError."""
        match fact:
            case ReviewInvited():
                self.inviting.invite(fact)
            case ReviewModerated():
                self.moderating.decide(fact)
            case CustomerErased():
                self.erasing.erase(fact)
