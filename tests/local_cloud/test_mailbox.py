from __future__ import annotations

import json

from tests.local_cloud.house import MORNING, House

SENDS = """
    import boto3
    def handler(event, context):
        return boto3.client("sesv2").send_email(
            FromEmailAddress=event.get("from", "Shop <shop@mail.example>"),
            Destination={"ToAddresses": [event["to"]]},
            Content={"Simple": {
                "Subject": {"Data": "Hello"},
                "Body": {"Text": {"Data": "text"}, "Html": {"Data": "<p>html</p>"}},
                "Headers": [{"Name": "X-Thing", "Value": "v"}] * event.get("headers", 1),
            }},
            EmailTags=[{"Name": "send_key", "Value": event.get("tag", "cart-1")}],
            ConfigurationSetName="mail-set",
        )["MessageId"]
"""

SES = """
  Identity: {Type: AWS::SES::EmailIdentity, Properties: {EmailIdentity: mail.example}}
  MailSet: {Type: AWS::SES::ConfigurationSet, Properties: {Name: mail-set}}
  MailEvents:
    Type: AWS::SES::ConfigurationSetEventDestination
    Properties:
      ConfigurationSetName: !Ref MailSet
      EventDestination:
        Enabled: true
        MatchingEventTypes: [BOUNCE, COMPLAINT, DELIVERY]
        EventBridgeDestination: {EventBusArn: !Sub "arn:aws:events:${AWS::Region}:${AWS::AccountId}:event-bus/default"}
  SesRule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {source: [aws.ses]}
      Targets: [{Id: queue, Arn: !GetAtt FeedbackQueue.Outputs.QueueArn}]
"""

PRINTS_FACTS = """
    import json
    def handler(event, context):
        for record in event["Records"]:
            print(json.dumps(json.loads(record["body"])))
"""


def a_shop_with_mail(house: House) -> None:
    house.consumer("Sender", SENDS)
    house.consumer("Feedback", PRINTS_FACTS)
    house.declare(SES)


def test_a_mail_is_kept_with_all_that_was_asked_for(house: House) -> None:
    a_shop_with_mail(house)
    cloud = house.open()

    invocation = cloud.invoke("Sender", {"to": "asha@customer.example"})

    (mail,) = cloud.mails
    assert invocation.error is None
    assert invocation.mails == (mail,)
    assert mail.message_id == invocation.result
    assert mail.to == ("asha@customer.example",)
    assert (mail.sender, mail.subject) == ("Shop <shop@mail.example>", "Hello")
    assert (mail.html, mail.text) == ("<p>html</p>", "text")
    assert mail.headers == {"X-Thing": "v"}
    assert mail.tags == {"send_key": "cart-1"}
    assert (mail.configuration_set, mail.sent_at) == ("mail-set", MORNING)


def test_ses_tells_the_default_bus_what_became_of_each_mail(house: House) -> None:
    a_shop_with_mail(house)
    cloud = house.open()
    for label in ("bounce+1", "complaint+1", "success", "suppressionlist"):
        cloud.invoke("Sender", {"to": f"{label}@simulator.amazonses.com"})
    assert cloud.logs == []

    cloud.settle()

    events = [json.loads(line) for _, line in cloud.logs]
    assert [event["detail-type"] for event in events] == [
        "Email Bounced", "Email Delivered", "Email Complaint Received", "Email Delivered", "Email Bounced",
    ]  # fmt: skip
    bounced = events[0]["detail"]
    assert bounced["eventType"] == "Bounce"
    assert bounced["mail"]["messageId"] == cloud.mails[0].message_id
    assert bounced["mail"]["tags"]["send_key"] == ["cart-1"]
    assert bounced["mail"]["tags"]["ses:configuration-set"] == ["mail-set"]
    assert bounced["bounce"]["bounceType"] == "Permanent"
    assert bounced["bounce"]["bouncedRecipients"][0]["emailAddress"] == "bounce+1@simulator.amazonses.com"


def test_ses_rejects_what_it_would_reject(house: House) -> None:
    a_shop_with_mail(house)
    cloud = house.open()

    for asked in ({"from": "x@elsewhere.example"}, {"headers": 16}, {"tag": "not allowed:"}):
        error = cloud.invoke("Sender", {"to": "a@b.example", **asked}).error
        assert type(error).__name__ in ("MessageRejected", "BadRequestException")
    assert cloud.mails == []


def test_a_mail_needs_the_right_to_its_identity_and_its_configuration_set(house: House) -> None:
    a_shop_with_mail(house)
    cloud = house.open()

    cloud.invoke("Sender", {"to": "a@b.example"})

    assert cloud.calls[-1].grants == (
        ("ses:SendEmail", "arn:aws:ses:eu-central-1:123456789012:identity/mail.example"),
        ("ses:SendEmail", "arn:aws:ses:eu-central-1:123456789012:configuration-set/mail-set"),
    )
