"""The layer's arrows point one way: a module imports from levels below its own, never beside or above."""

import pytest

from rishta_cli.project import rooms
from tests.architecture.source_code import Module, assert_none, modules_of, python_files

# From the bottom up. A new module stands on the lowest level that is above all that it imports.
_LEVELS = (
    (
        "clock",
        "errors",
        "items",
        "mail_templates",
        "money",
        "page_language",
        "page_words",
        "shop_links",
        "startup",
        "swift_parsing",
        "web",
    ),
    (
        "aws",
        "events.base",
        "observability",
        "plan_yaml",
        "private_pages",
        "races",
        "reading",
        "settings",
        "wording",
    ),
    (
        "brand",
        "campaign_states",
        "contacts",
        "due_work",
        "mail_log",
        "metrics",
        "profiles",
        "queues",
        "secret_keys",
    ),
    (
        "addresses",
        "bus",
        "delivery_facts",
        "events.benefits",
        "events.carts",
        "events.customers",
        "events.orders",
        "queue_door",
        "signed_tokens",
    ),
    (
        "birthdays",
        "events.reviews",
        "mail_orders",
        "offer_wording",
        "plan_sections",
        "review_links",
        "schedule_door",
    ),
    ("notices", "plan"),
    ("mail_composer", "offers", "page_frame", "published_plan", "review_points", "suppression"),
    ("plan_door", "site"),
)
_MODULES = [module for module in modules_of("engagement") if not str(module).endswith("__init__.py")]
_NAMES = {module.name for module in _MODULES}
# A new kind of fact needs no line here: it stands where the latest ones stand.
_FACTS_LEVEL = next(level for level, names in enumerate(_LEVELS) if "events.reviews" in names)
_LEVEL_OF = {name: _FACTS_LEVEL for name in _NAMES if name.startswith("engagement.events.")} | {
    f"engagement.{name}": level for level, names in enumerate(_LEVELS) for name in names
}


def test_every_module_of_the_layer_has_a_level() -> None:
    assert_none(_NAMES ^ _LEVEL_OF.keys(), "put it into _LEVELS, or take it out")


def test_a_module_of_the_layer_imports_from_below_alone() -> None:
    """No two modules can then import each other, at whatever distance."""
    upward = [
        f"{module}:{line} (level {_LEVEL_OF[module.name]}) imports {name} (level {_LEVEL_OF[name]})"
        for module in _MODULES
        for name, line in _imported(module).items()
        if _LEVEL_OF[name] >= _LEVEL_OF[module.name]
    ]
    assert_none(upward, "turn the arrow; or raise the module's level, if nothing beside or below imports it")


def test_events_stand_on_money_alone() -> None:
    """Whoever only reads our facts can take `engagement.events` and `engagement.money`, and nothing else."""
    wrong = [
        f"{module}:{line} imports {name}"
        for module in _MODULES
        for name, line in _imported(module).items()
        if module.name.startswith("engagement.events.")
        if not name.startswith(("engagement.events.", "engagement.money"))
    ]
    assert_none(wrong, "an event knows other events and money")


@pytest.mark.parametrize("name", sorted(_NAMES))
def test_every_module_of_the_layer_has_a_user(name: str) -> None:
    code = [module for package in ("engagement", *rooms()) for module in modules_of(package)]
    code += [Module(path.stem, path) for path in python_files("infra")]
    users = [str(user) for user in code if name in _imported(user)]
    assert users, f"nobody uses {name}: delete it, or leave it in the one room that wants it"


def _imported(module: Module) -> dict[str, int]:
    """The layer's modules that a module imports, each with the line."""
    return {
        name: each.line
        for each in module.imports()
        for name in (each.name, each.name.rpartition(".")[0])
        if name in _NAMES
    }
