"""`rishta config check`: whether a deployed stack has all it needs to work, and to call for help."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from botocore.exceptions import ClientError

from rishta_cli.operating.attention import Attention
from rishta_cli.operating.schedules import schedules
from rishta_cli.operating.sending import sending_faults
from rishta_cli.operating.watching import Watch
from rishta_cli.plans.followed import followed_plan
from rishta_cli.saying import say
from rishta_cli.stacks import Stack, answered

type Faults = Iterator[str]
"""What is wrong, a line each, with what to do about it."""

_SECRETS = ("hash-key", "signing-keys")
# A new account may run ten functions at a time, and a birthday morning wants more.
_CONCURRENCY = 100


@answered
def run_config_check(stack: str) -> int:
    """Prints each part and what is wrong with it; the exit code."""
    return config_check(Stack.deployed(stack))


def config_check(stack: Stack) -> int:
    """0: everything is as it must be; 1: something is not."""
    attention = Attention()
    say(f"{stack.name}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC", style="bold")
    for part, check in _PARTS.items():
        try:
            faults = list(check(stack))
        except ClientError as error:
            # One thing that may not be looked at must not hide the others.
            faults = [f"cannot be looked at: {error}"]
        say(f"{'✗' if faults else '✓'} {part}", style="red" if faults else "green")
        for fault in faults:
            attention.want(f"{part}: {fault}")
    if domain := _domain(stack):
        say(f"Not to be seen from here: dig +short TXT _dmarc.{domain} must answer v=DMARC1; p=…")
    return attention.tell()


def secret_faults(stack: Stack) -> Faults:
    names = {stack.parameter_name(name) for name in _SECRETS}
    answer = stack.client("ssm").get_parameters(Names=sorted(names))
    for name in sorted(answer["InvalidParameters"]):
        yield f"{name} is missing; KeyRotationFunction makes it: did its schedule run?"
    for parameter in answer["Parameters"]:
        if parameter["Type"] != "SecureString":
            yield f"{parameter['Name']} is not a SecureString: everybody who reads parameters can read it"


def plan_faults(stack: Stack) -> Faults:
    if fault := followed_plan(stack.name).fault:
        yield f"the published plan is refused ({fault}): publish another one, or withdraw it"


def alarm_faults(stack: Stack) -> Faults:
    if not stack.of_type("AWS::CloudWatch::Alarm"):
        yield "there are none: deploy with Alarms=on for a shop that earns money"
        return
    for topic in stack.of_type("AWS::SNS::Topic").values():
        pages = stack.client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
        arns = [each["SubscriptionArn"] for page in pages for each in page["Subscriptions"]]
        if not arns:
            yield f"nobody is told: aws sns subscribe --topic-arn {topic} --protocol email --notification-endpoint …"
        elif not any(arn.startswith("arn:") for arn in arns):
            yield "nobody confirmed yet: SNS has sent a mail with a link to whoever is subscribed"
    for alarm in Watch(stack).alarms():
        if not alarm["ActionsEnabled"]:
            yield f"{alarm['AlarmName']} rings and tells nobody: its actions are switched off"


def trigger_faults(stack: Stack) -> Faults:
    client = stack.client("lambda")
    for name, uuid in stack.of_type("AWS::Lambda::EventSourceMapping").items():
        state = client.get_event_source_mapping(UUID=uuid)["State"]
        if state not in ("Enabled", "Enabling", "Updating"):
            yield f"{name} is {state}: its queue fills, and nobody reads it"


def schedule_faults(stack: Stack) -> Faults:
    for each in schedules(stack):
        if not each.enabled:
            yield f"the schedule of {each.name} is switched off ({each.expression})"


def rule_faults(stack: Stack) -> Faults:
    client = stack.client("events")
    for name, physical_id in stack.of_type("AWS::Events::Rule").items():
        bus, _, rule = physical_id.rpartition("|")
        found = client.describe_rule(Name=rule, EventBusName=bus or "default")
        if found["State"] != "ENABLED":
            yield f"{name} is {found['State'].lower()}: what the shop tells does not arrive"


def log_faults(stack: Stack) -> Faults:
    client = stack.client("logs")
    for name in stack.of_type("AWS::Logs::LogGroup").values():
        groups = client.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
        if any(group["logGroupName"] == name and "retentionInDays" not in group for group in groups):
            yield f"{name} keeps everything for ever: set LogRetentionDays and deploy"


def concurrency_faults(stack: Stack) -> Faults:
    limit = concurrency(stack)
    if limit < _CONCURRENCY:
        yield f"this account runs {limit} functions at a time; ask for {_CONCURRENCY} or more (Service Quotas, Lambda)"


def concurrency(stack: Stack) -> int:
    """How many functions the account runs at a time, all its stacks together."""
    limit: int = stack.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    return limit


def _domain(stack: Stack) -> str | None:
    return next(iter(stack.of_type("AWS::SES::EmailIdentity").values()), None)


_PARTS: dict[str, Callable[[Stack], Faults]] = {
    "secrets": secret_faults,
    "engagement plan": plan_faults,
    "sending mail": sending_faults,
    "the shop's facts": rule_faults,
    "queues' readers": trigger_faults,
    "schedules": schedule_faults,
    "alarms": alarm_faults,
    "logs": log_faults,
    "room to grow": concurrency_faults,
}
