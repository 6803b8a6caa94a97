"""Recording: what the shop's facts mean for a customer's consent."""

from collections.abc import Iterable
from dataclasses import dataclass

from engagement.contacts import Contacts
from engagement.events.customers import ConsentChanged, CustomerErased, CustomerRegistered


@dataclass(frozen=True)
class ConsentRecording:
    """`topics` are all that the plan knows."""

    contacts: Contacts
    topics: Iterable[str]

    def apply(self, fact: CustomerRegistered | ConsentChanged | CustomerErased) -> None:
        """Any number of times, in any order: of each topic the newest decision stays, by the time it was taken.

        A registration that is told again re-subscribes nobody; who is erased has agreed to nothing any more. Who came
        back since loses nothing by an old erasure that is told late.
        """
        match fact:
            case CustomerRegistered():
                self._record(fact, fact.consents, granted=True)
            case ConsentChanged():
                self._record(fact, [fact.topic], granted=fact.granted)
            case CustomerErased():
                self._record(fact, self.topics, granted=False)
                self.contacts.forget_habits(fact.customer_id, self.topics, erased_at=fact.occurred_at)

    def _record(
        self,
        fact: CustomerRegistered | ConsentChanged | CustomerErased,
        topics: Iterable[str],
        *,
        granted: bool,
    ) -> None:
        self.contacts.record(fact.customer_id, topics, granted=granted, changed_at=fact.occurred_at)
