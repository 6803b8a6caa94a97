"""`rishta plan check`."""

from collections.abc import Iterator, Mapping, Set
from pathlib import Path

from pydantic import BaseModel

from engagement.errors import InvalidPlanError
from engagement.offers import OfferTerms
from engagement.plan import PLAN_FILE, CampaignSettings, EngagementPlan, SharedSettings, read_plan
from engagement.plan_yaml import read_yaml
from engagement.wording import languages
from rishta_cli.cart_plan_checking import cart_faults
from rishta_cli.loyalty_plan_checking import points_faults, tier_faults
from rishta_cli.project import import_from_room, rooms
from rishta_cli.saying import say

_CARTS = "cart_nudge"


def campaign_settings() -> list[type[CampaignSettings]]:
    """The settings model of every capability that runs one campaign, found in its `campaign.py`."""
    return list(_models(CampaignSettings))


def shared_settings() -> list[type[SharedSettings]]:
    """The settings model of every capability that runs several campaigns."""
    return list(_models(SharedSettings))


def check_plan(file: Path | None) -> int:
    """Prints the faults, a line each, or how many campaigns are fine; the exit code."""
    path = file or PLAN_FILE
    faults = plan_faults(path)
    for fault in faults:
        say(fault, style="red")
    if not faults:
        number = len(read_plan(path.read_text(encoding="utf-8"), source=path.name).campaigns)
        say(f"{path.name}: {number} campaigns, all well", style="green")
    return 1 if faults else 0


def plan_faults(path: Path) -> list[str]:
    """`engagement_plan.yaml:23: shop.locale: …` for each fault; campaigns that no capability runs are faults too,
    offers to customers of a tier that there is not, cart nudges that lead elsewhere or that nobody wrote, and what
    `loyalty_plan_checking` says.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return str(error).splitlines()
    return text_faults(text, source=path.name)


def text_faults(text: str, *, source: str) -> list[str]:
    """The same of a plan's YAML text; each fault begins with `source`."""
    try:
        plan, lines = read_plan(text, source=source), read_yaml(text, source=source)[1]
    except InvalidPlanError as error:
        return str(error).splitlines()
    settings, faults = _settings(plan)
    located = [*_unread_language(plan), *_without_capability(plan)]
    located += cart_faults(plan, settings[_CARTS]) if _CARTS in settings else ()
    located += [*tier_faults(plan), *points_faults(settings)]
    tiers = {tier.name for tier in plan.tiers.steps}
    for name, one in settings.items():
        located += _unknown_tiers(one, tiers, ("campaigns", name, "settings"))
    told = (f"{source}:{lines.of(where)}: {'.'.join(map(str, where))}: {what}" for where, what in located)
    return [*faults, *told]


type _Fault = tuple[tuple[str | int, ...], str]
"""Where in the plan, and what is wrong there."""


def _settings(plan: EngagementPlan) -> tuple[dict[str, BaseModel], list[str]]:
    """The settings of each campaign that has right ones, by its name, and what is wrong with the others."""
    settings: dict[str, BaseModel] = {}
    faults: list[str] = []
    for model in campaign_settings():
        try:
            settings[model.campaign] = plan.settings(model)
        except InvalidPlanError as error:
            faults += str(error).splitlines()
    for shared in shared_settings():
        for name, campaign in plan.campaigns.items():
            if name in settings:
                continue
            # Each by itself: what is wrong with one must not hide what is with the next.
            alone = plan.model_copy(update={"campaigns": {name: campaign}})
            try:
                settings |= alone.all_settings(shared)
            except InvalidPlanError as error:
                faults += str(error).splitlines()
    return settings, faults


def _unread_language(plan: EngagementPlan) -> Iterator[_Fault]:
    if plan.shop.language not in languages():
        written = ", ".join(sorted(languages()))
        yield ("shop", "locale"), f"no mail is written in {plan.shop.language!r}, only in {written}"


def _without_capability(plan: EngagementPlan) -> Iterator[_Fault]:
    by_name = {model.campaign for model in campaign_settings()}
    shared = {model.capability for model in shared_settings()}
    for name, campaign in plan.campaigns.items():
        where = ("campaigns", name)
        if campaign.capability is None and name not in by_name:
            yield where, "no capability runs it, and it names none"
        elif campaign.capability is not None and name in by_name:
            yield (*where, "capability"), "the campaign has a capability of its own"
        elif campaign.capability is not None and campaign.capability not in shared:
            yield (*where, "capability"), f"name one of {', '.join(sorted(shared))}"


def _unknown_tiers(value: object, known: Set[str], where: tuple[str | int, ...]) -> Iterator[_Fault]:
    """Offers to customers of a tier that nobody can have, however deep they lie in a campaign's settings."""
    if isinstance(value, OfferTerms):
        for tier in sorted(value.by_tier.keys() - known):
            yield (*where, "by_tier", tier), f"no tier of the plan's: {', '.join(sorted(known))}"
    else:
        for key, part in _parts(value):
            yield from _unknown_tiers(part, known, (*where, key))


def _parts(value: object) -> Iterator[tuple[str | int, object]]:
    match value:
        case BaseModel():
            yield from ((field, getattr(value, field)) for field in type(value).model_fields)
        case Mapping():
            yield from value.items()
        case tuple():
            yield from enumerate(value)
        case _:
            return


def _models[M: BaseModel](base: type[M]) -> Iterator[type[M]]:
    for room in rooms():
        module = import_from_room(room, "campaign")
        for model in vars(module).values() if module else ():
            if isinstance(model, type) and issubclass(model, base) and model is not base:
                yield model
