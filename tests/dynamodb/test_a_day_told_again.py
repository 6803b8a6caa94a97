"""The operator's drill on the real engine: its conditions and transactions take a day that is told again as one."""

from dynamodb_local import DynamoDBLocal
from local_cloud.cloud import LocalCloud
from rishta_cli.operating.drill import differences
from rishta_cli.operating.drill_day import LASTS, START, Day
from rishta_cli.operating.replaying import Replaying, replay
from rishta_cli.project import LOCAL_PARAMETERS
from rishta_cli.stacks import Stack


def test_a_day_that_is_told_again_changes_no_mail_and_no_point() -> None:
    with (
        DynamoDBLocal() as engine,
        LocalCloud(now=START, dynamodb_endpoint=engine.endpoint, parameters=LOCAL_PARAMETERS) as cloud,
    ):
        day = Day(cloud, engine.endpoint)
        day.until(LASTS * 5 / 7)
        before = day.ending()
        assert len(before.mails) == 4
        assert replay(Stack.of(cloud, engine.endpoint), Replaying(START, cloud.now, go=True)) == 0
        assert cloud.backlog().total() > 40
        day.until(LASTS)
        assert differences(day.ending(), before) == []
