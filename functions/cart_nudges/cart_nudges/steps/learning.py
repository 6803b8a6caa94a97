"""Learning: what became of a step that was handed over, and whether there is something else to say by now."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.carts.rules import Cart, CartStatus, Handed, send_key
from cart_nudges.steps.fates import Fate, fate
from cart_nudges.steps.handing_over import HandingOver
from cart_nudges.steps.judging import Judging, NobodyYet, Unwelcome, Welcome
from cart_nudges.steps.outcomes import Outcome, over, waiting
from cart_nudges.steps.step_rules import StepAhead, first_look, is_lost, next_look, steps_ahead
from cart_nudges.steps.telling import cart_nudged
from engagement.bus import Bus
from engagement.mail_log import Entry, MailLog
from engagement.mail_orders import CancelMail
from engagement.queues import MessageQueue
from engagement.reading import read_one

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True)
class Learning:
    client: "DynamoDBClient"
    log: MailLog
    judging: Judging
    handing_over: HandingOver
    bus: Bus
    mail_queue: MessageQueue
    settings: CartNudgeSettings

    def learn(self, cart: Cart, handed: Handed, now: datetime) -> Outcome:
        """Ask the mail log; where it has decided nothing yet, ask whether the mail is still the right one."""
        entry = read_one(self.client, self.log.reading(send_key(cart.cart_id, handed.step)))
        return self.learned(cart, handed, entry, now)

    def learned(self, cart: Cart, handed: Handed, entry: Entry | None, now: datetime) -> Outcome:
        """What follows from the mail log's entry."""
        lost = is_lost(cart, handed, self.settings, now)
        became = fate(entry, lost=lost)
        if became is Fate.NOT_DECIDED and not lost:
            return self._look_anew(cart, handed, now)
        if became is Fate.BEING_SENT:
            return waiting(cart, next_look(handed.at, now))
        if became is Fate.EXPOSED and entry is not None:
            reached_at = entry.left_at or entry.changed_at
            within = self.settings.recovered_within
            self.bus.publish([cart_nudged(cart.cart_id, handed, reached_at, recovered_within=within)])
            return over(cart, handed.step, self.settings)
        if became is Fate.NOT_DECIDED:
            self._call_off(cart, handed, "lost")
        self._take_back_incentive(cart, handed)
        return over(cart, handed.step, self.settings)

    def _look_anew(self, cart: Cart, handed: Handed, now: datetime) -> Outcome:
        wait = waiting(cart, next_look(handed.at, now))
        if cart.status is CartStatus.BOUGHT:
            self._call_off(cart, handed, "bought")
            return wait
        if handed.step <= cart.steps_over or (cart.merged_into and not cart.lines):
            # One of the two carts that became one: this step was taken about the other, or is not for it any more.
            self._call_off(cart, handed, "merged")
            return wait
        step = next((step for step in steps_ahead(cart, self.settings) if step.number == handed.step), None)
        if step is None or now < step.due_at:
            # Emptied, or touched: what was handed over is untrue, and the mail path leaves it undecided.
            self._take_back_incentive(cart, handed)
            return Outcome(cart.steps_over, None, step.due_at if step else None)
        if now >= step.useful_until or not self.judging.campaign_runs:
            return wait  # the mail path says so, too
        return self._judge_anew(cart, step, handed, now) or wait

    def _judge_anew(self, cart: Cart, step: StepAhead, handed: Handed, now: datetime) -> Outcome | None:
        """None: it is left to the mail path."""
        match self.judging.judge(cart, step.number, now).verdict:
            case NobodyYet():
                # Whoever typed the address has another by now, to which the mail would go.
                self._call_off(cart, handed, "nobody")
                return None
            case Unwelcome(reason=reason):
                self._call_off(cart, handed, reason)
                return None
            case Welcome() as welcome if welcome.written_upon == handed.written_upon:
                return None
            case Welcome() as welcome:
                if welcome.customer_id != handed.customer_id:
                    self._take_back_incentive(cart, handed)
                anew = self.handing_over.hand_over(cart, step, welcome, now)
                if anew is None:
                    self._call_off(cart, handed, "failed")
                    return None
                return Outcome(cart.steps_over, anew, first_look(anew), handed_over=True)

    def _call_off(self, cart: Cart, handed: Handed, reason: str) -> None:
        self.mail_queue.put([CancelMail(send_key=send_key(cart.cart_id, handed.step), reason=reason)])

    def _take_back_incentive(self, cart: Cart, handed: Handed) -> None:
        self.handing_over.take_back_incentive(cart.cart_id, handed.step, handed.customer_id)
