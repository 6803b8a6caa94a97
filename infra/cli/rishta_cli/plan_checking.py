"""`rishta plan check`."""

from pathlib import Path

from rich.console import Console

from engagement.errors import InvalidPlanError
from engagement.plan import PLAN_FILE, CampaignSettings, read_plan
from engagement.wording import languages
from rishta_cli.project import import_from_room, rooms


def campaign_settings() -> list[type[CampaignSettings]]:
    """Every capability's settings model, found in its `campaign.py`."""
    modules = [import_from_room(room, "campaign") for room in rooms()]
    return [
        model
        for module in modules
        if module
        for model in vars(module).values()
        if isinstance(model, type) and issubclass(model, CampaignSettings) and model is not CampaignSettings
    ]


def check_plan(file: Path | None) -> int:
    """Prints the faults, a line each, or how many campaigns are fine; the exit code."""
    path = file or PLAN_FILE
    faults = plan_faults(path)
    console = Console(soft_wrap=True, highlight=False)
    for fault in faults:
        console.print(fault, style="red", markup=False)
    if not faults:
        console.print(f"{path.name}: {len(campaign_settings())} campaigns, all well", style="green")
    return 1 if faults else 0


def plan_faults(path: Path) -> list[str]:
    """`engagement_plan.yaml:23: shop.locale: …` for each fault; campaigns that no capability runs are faults too."""
    try:
        plan = read_plan(path.read_text(encoding="utf-8"), source=path.name)
    except (InvalidPlanError, OSError, UnicodeDecodeError) as error:
        return str(error).splitlines()
    faults = []
    if plan.shop.language not in languages():
        written = ", ".join(sorted(languages()))
        faults.append(
            f"{path.name}: shop.locale: no mail is written in {plan.shop.language!r}, only in {written}"
        )
    models = campaign_settings()
    for model in models:
        try:
            plan.settings(model)
        except InvalidPlanError as error:
            faults += str(error).splitlines()
    run = {model.campaign for model in models}
    faults += [
        f"{path.name}: campaigns.{name}: no capability runs it" for name in plan.campaigns if name not in run
    ]
    return faults
