"""Door: the pages behind the links in mails: /unsubscribe, /preferences, /preferences/erase."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.bus import Bus
from engagement.clock import utc_now
from engagement.contacts import Contacts
from engagement.plan import EngagementPlan
from engagement.plan_door import for_each_plan
from engagement.profiles import Profiles
from engagement.secret_keys import signing_keys
from engagement.settings import DoorSettings
from engagement.site import Site
from engagement.startup import ready
from engagement.web import page_request
from preferences.erasing import Erasing
from preferences.preference_centre import PreferenceCentre
from preferences.rendering import Pages
from preferences.telling import Telling
from preferences.unsubscribing import Unsubscribing


class Settings(DoorSettings):
    contacts_table: str
    customers_table: str
    shop_bus_name: str
    signing_keys_parameter: str


@for_each_plan
def capability(plan: EngagementPlan) -> Site:
    settings = Settings.from_environment()
    contacts = Contacts(aws.dynamodb(), settings.contacts_table)
    profiles = Profiles(aws.dynamodb(), settings.customers_table)
    telling = Telling(Bus(aws.events(), settings.shop_bus_name))
    keys = signing_keys(settings.signing_keys_parameter)
    pages = Pages(plan)
    return Site(
        by_name={
            "unsubscribe": Unsubscribing(contacts, telling, keys, plan, pages),
            "preferences": PreferenceCentre(contacts, profiles, telling, keys, plan, pages),
            "erase": Erasing(contacts, profiles, telling, keys, plan, pages),
        },
        plan=plan,
        frame=pages.frame,
    )


@ready
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    return capability().answer(page_request(event), utc_now()).payload()
