"""`rishta status`: how a stack does, in one look."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from rishta_cli.operating.attention import Attention
from rishta_cli.operating.pausing import campaign_states, mail_campaigns, mail_counters
from rishta_cli.operating.schedules import schedules
from rishta_cli.operating.sending import account_faults
from rishta_cli.operating.watching import Watch
from rishta_cli.plans.followed import followed_plan
from rishta_cli.saying import ago, console, counted, lasting, say
from rishta_cli.stacks import ConsumerQueue, Stack, answered, reached

# Older than that, a message waits for more than its turn. Mail may: for its customer's morning, or for SES.
_TOO_OLD, _TOO_OLD_MAIL = timedelta(minutes=30), timedelta(hours=24)
_MAIL_QUEUES = ("MailQueue", "BulkMailQueue")
_QUOTA_NEARLY_USED = 80  # percent
_OUTCOMES = (
    "MailsSent",
    "MailsSkipped",
    "CartsRecovered",
    "OffersRedeemed",
    "ReviewsSubmitted",
    "PointsEarned",
    "MessagesFailed",
)
_FACTS = ("sent", "delivered", "bounced", "complained", "opened", "clicked", "unsubscribed")


@answered
def run_status(stack: str | None) -> int:
    """Prints it; the exit code: 0 all is well, 1 something wants attention."""
    with reached(stack) as found:
        return status(found, datetime.now(UTC))


def status(stack: Stack, now: datetime) -> int:
    """`now` in UTC: what is today, and what is old."""
    attention = Attention()
    watch = None if stack.is_local else Watch(stack)
    say(f"{stack.name}, {now:%Y-%m-%d %H:%M} UTC", style="bold")
    _queues(stack, watch, now, attention)
    if watch:
        _schedules(stack, watch, now, attention)
        for name, description in watch.ringing().items():
            attention.want(f"The alarm {name} rings: {description}")
    _campaigns(stack, now, attention)
    if watch:
        outcomes = watch.today(_OUTCOMES, now)
        say("Today (UTC): " + ", ".join(f"{name} {number}" for name, number in outcomes.items()) + ".")
    _sending(stack, attention)
    return attention.tell()


def _queues(stack: Stack, watch: Watch | None, now: datetime, attention: Attention) -> None:
    table = Table("queue", "waiting", "in work", "oldest", "dead letters", box=SIMPLE_HEAD)
    queues = list(stack.queues().values())
    oldest = watch.oldest([queue.url for queue in queues], now) if watch else [None for _ in queues]
    sqs = stack.client("sqs")
    empty = 0
    for queue, age in zip(queues, oldest, strict=True):
        waiting, in_work, dead = _depths(sqs, queue)
        if not (waiting or in_work or dead):
            empty += 1
            continue
        shown_age = lasting(age) if age and (waiting or in_work) else ""
        table.add_row(queue.name, str(waiting), str(in_work), shown_age, str(dead))
        if dead:
            attention.want(
                f"{queue.name} has {counted(dead, 'dead letter')}: rishta redrive {queue.name}{stack.option}"
            )
        if age and waiting and age > (_TOO_OLD_MAIL if queue.name in _MAIL_QUEUES else _TOO_OLD):
            attention.want(f"{queue.name}: its oldest message waits since {ago(now - age, now)}.")
    if table.row_count:
        console().print(table)
    say(f"{empty} of {len(queues)} queues are empty, as are their dead letters.")


def _depths(sqs: Any, queue: ConsumerQueue) -> tuple[int, int, int]:
    """Waiting (delayed ones included), in work, dead."""
    names = [f"ApproximateNumberOfMessages{which}" for which in ("", "Delayed", "NotVisible")]
    alive, dead = (
        sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        for url in (queue.url, queue.dead_letters_url)
    )
    waiting, delayed, in_work = (int(alive[name]) for name in names)
    return waiting + delayed, in_work, sum(int(dead[name]) for name in names)


def _schedules(stack: Stack, watch: Watch, now: datetime, attention: Attention) -> None:
    found = schedules(stack)
    runs = watch.last_runs([each.function for each in found], now)
    table = Table("schedule of", "runs", "last run", box=SIMPLE_HEAD)
    for each, ran_at in zip(found, runs, strict=True):
        table.add_row(each.name, each.expression, ago(ran_at, now) if ran_at else "not in the last day")
        if not each.enabled:
            attention.want(f"The schedule of {each.name} is switched off.")
        elif each.is_late(ran_at, now):
            attention.want(f"{each.name} did not run when it should ({each.expression}); look at its alarm.")
    if found:
        console().print(table)


def _campaigns(stack: Stack, now: datetime, attention: Attention) -> None:
    followed = followed_plan(stack.name)
    say(f"Engagement plan: {followed}.")
    if followed.fault:
        attention.want(
            f"The published plan is refused, the last good one goes on: rishta plan publish{stack.option}"
        )
    states, counters = campaign_states(stack), mail_counters(stack)
    table = Table("campaign", *_FACTS, box=SIMPLE_HEAD)
    for name in mail_campaigns(followed.plan):
        state = states.get(name)
        if state.paused_because:
            since = f" since {state.paused_at:%Y-%m-%d %H:%M} UTC" if state.paused_at else ""
            attention.want(
                f"{name} is paused ({state.paused_because}){since}: rishta resume {name}{stack.option}"
            )
        counts: Counter[str] = Counter()
        for day in counters.days(name, now.date()):
            counts.update(day.counts)
        if counts:
            table.add_row(name, *(str(counts[fact]) for fact in _FACTS))
    if table.row_count:
        say(f"Mails sent on {now:%Y-%m-%d} (UTC), and what became of them:")
        console().print(table)
    else:
        say(f"No mail was sent on {now:%Y-%m-%d} (UTC).")


def _sending(stack: Stack, attention: Attention) -> None:
    account = stack.client("sesv2").get_account()
    quota = account["SendQuota"]
    sent, most = round(quota["SentLast24Hours"]), round(quota["Max24HourSend"])
    say(f"SES: {sent} of {most} mails in 24 hours, at most {round(quota['MaxSendRate'])} a second.")
    for fault in account_faults(account):
        attention.want(f"{fault}.")
    if most > 0 and 100 * sent >= _QUOTA_NEARLY_USED * most:
        attention.want(f"SES's quota is nearly used ({sent} of {most} in 24 hours): ask AWS for more.")
