"""The preference centre on the real engine, beside the rooms that hear what it tells."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from customer_profiles.keeping import ProfileKeeping
from customer_profiles.table import Customers
from engagement.contacts import Contacts
from engagement.events.base import Event
from engagement.events.customers import ConsentChanged, CustomerErased, CustomerRegistered, CustomerUpdated
from engagement.mail_composer import PREFERENCES
from engagement.plan import engagement_plan
from engagement.profiles import Profiles
from engagement.signed_tokens import sign_token
from engagement.web import PageRequest, PageResponse
from page_outline import Outline
from preferences.erasing import Erasing
from preferences.preference_centre import PreferenceCentre
from preferences.recording import ConsentRecording
from preferences.rendering import Pages
from preferences.telling import Telling
from recording_bus import RecordingBus
from shop_facts import NOW

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEY = b"k" * 32
MINUTE = timedelta(minutes=1)
PLAN = engagement_plan()


class House:
    """The centre beside the rooms that hear what it tells; its clock is `now`, a minute after the shop's facts."""

    def __init__(self, client: "DynamoDBClient", make_table: Callable[[str], str]) -> None:
        customers = make_table("CustomersTable")
        self.contacts = Contacts(client, make_table("ContactsTable"))
        self.profiles = Profiles(client, customers)
        self.bus = RecordingBus()
        telling, pages = Telling(self.bus), Pages(PLAN)
        self.centre = PreferenceCentre(self.contacts, self.profiles, telling, (KEY,), PLAN, pages)
        self.erasing = Erasing(self.contacts, self.profiles, telling, (KEY,), PLAN, pages)
        self._keeping = ProfileKeeping(Customers(client, customers, b"k" * 32), PLAN.shop)
        self._recording = ConsentRecording(self.contacts, tuple(PLAN.topics))
        self.now = NOW + MINUTE

    def hear(self, *facts: Event) -> None:
        """Everybody hears these, or else what the pages told since."""
        for fact in facts or self.bus.told:
            match fact:
                case CustomerErased() | CustomerRegistered():
                    self._keeping.apply(fact)
                    self._recording.apply(fact)
                case CustomerUpdated():
                    self._keeping.apply(fact)
                case ConsentChanged():
                    self._recording.apply(fact)
                case _:
                    raise AssertionError(f"nobody hears {fact}")
        if not facts:
            self.bus.told.clear()

    def open(self, page: str = "preferences") -> PageResponse:
        return self._answer(page, "GET", {})

    def send(
        self, page: str = "preferences", form: Mapping[str, str | list[str]] | None = None
    ) -> PageResponse:
        return self._answer(page, "POST", form or {})

    def _answer(self, page: str, method: str, form: Mapping[str, str | list[str]]) -> PageResponse:
        lists = {name: value if isinstance(value, list) else [value] for name, value in form.items()}
        token = sign_token((KEY,), PREFERENCES, {"customer_id": "cust-asha"})
        request = PageRequest(method, page, token, form=lists)
        answering = self.centre if page == "preferences" else self.erasing
        return answering.answer(request, "en", self.now)

    def fill_in(self, page: PageResponse, **changes: str | list[str]) -> PageResponse:
        """Send the page's form back with these changes."""
        return self.send(form={**form_of(page), **changes})


def form_of(page: PageResponse) -> dict[str, list[str]]:
    """What a browser would send if nobody touched anything."""
    form: dict[str, list[str]] = {}
    select = ""
    for tag, each in Outline(page).tags:
        if tag == "input" and (each.get("type") not in ("checkbox", "radio") or "checked" in each):
            form.setdefault(str(each["name"]), []).append(str(each.get("value") or ""))
        if tag == "select":
            select = str(each["name"])
        if tag == "option" and "selected" in each:
            form[select] = [str(each["value"])]
    return form
