"""The operator's commands on a laptop: what a command left in the local cloud, the next one finds."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from operated_stack import rishta
from rishta_cli import local_state
from rishta_cli.local_state import remembering_cloud
from shop_facts import NOW, cart_updated, registered

POISON = '{"detail-type": "CartUpdated", "detail": {"cart_id":'


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(local_state, "LOCAL_STATE", tmp_path / "cloud")
    return tmp_path


def test_dead_letters_and_facts_stay_from_one_command_to_the_next(state: Path) -> None:
    with remembering_cloud(NOW) as (cloud, _):
        for fact in (registered(), cart_updated()):
            cloud.publish(type(fact).__name__, fact.model_dump(mode="json"))
        cloud.send("CartNudgesQueue", POISON)
        cloud.settle()

    told = rishta("status")
    assert told.exit_code == 1
    assert "CartNudgesQueue has 1 dead letter: rishta redrive CartNudgesQueue\n" in told.output

    span = ["--from", f"{NOW:%Y-%m-%dT%H:%M}", "--to", f"{NOW + timedelta(hours=2):%Y-%m-%dT%H:%M}"]
    told = rishta("replay", *span, "--go")
    assert told.exit_code == 0, told.output
    assert "The archive holds 0 facts" not in told.output

    aside = state / "aside.jsonl"
    told = rishta("redrive", "CartNudgesQueue", "--go", "--set-aside", str(aside))
    assert told.exit_code == 0, told.output
    assert json.loads(aside.read_text())["body"] == POISON
    assert json.loads((state / "cloud" / "kept.json").read_text())["letters"] == {}


def test_what_failed_when_a_command_ended_is_a_dead_letter_for_the_next() -> None:
    with remembering_cloud(NOW) as (cloud, _):
        fact = cart_updated(occurred_at=NOW + timedelta(days=2))  # a shop's clock that runs ahead
        cloud.publish("CartUpdated", fact.model_dump(mode="json"))
        cloud.settle()
    with remembering_cloud(NOW + timedelta(days=3)) as (cloud, _):
        assert cloud.dead_letters().keys() >= {"CartNudgesQueue"}
        assert cloud.table("CartsTable") == []
