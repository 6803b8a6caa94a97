"""A small template of its own for each test: its functions are written from their source texts."""

from __future__ import annotations

import textwrap
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from local_cloud import LocalCloud

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

QUEUE_STACK = """
Parameters:
  Visibility: {Type: Number, Default: 60}
  Receives: {Type: Number, Default: 2}
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: !Ref Visibility
      RedrivePolicy: {deadLetterTargetArn: !GetAtt DeadLetterQueue.Arn, maxReceiveCount: !Ref Receives}
  DeadLetterQueue: {Type: AWS::SQS::Queue}
Outputs:
  QueueArn: {Value: !GetAtt Queue.Arn}
  QueueUrl: {Value: !Ref Queue}
"""

HEAD = """
Transform: AWS::Serverless-2016-10-31
Parameters:
  Secret: {Type: String}
Globals:
  Function:
    Runtime: python3.13
    Layers: [!Ref Shared]
Resources:
  Shared:
    Type: AWS::Serverless::LayerVersion
    Properties: {ContentUri: layers/shared, CompatibleRuntimes: [python3.13]}
  Bus:
    Type: AWS::Events::EventBus
    Properties: {Name: !Sub "${AWS::StackName}-shop"}
"""

CONSUMER = """
  {name}Queue:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: stacks/queue.yaml
      Parameters: {{Receives: 2}}
  {name}Rule:
    Type: AWS::Events::Rule
    Properties:
      EventBusName: !Ref Bus
      EventPattern: {{detail-type: [{fact}]}}
      Targets: [{{Id: queue, Arn: !GetAtt {name}Queue.Outputs.QueueArn}}]
  {name}Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !GetAtt {name}Queue.Outputs.QueueArn
      FunctionName: !Ref {name}.Alias
      BatchSize: {batch_size}
      FunctionResponseTypes: [ReportBatchItemFailures]
  {name}:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/{package}/
      Handler: {package}.door.handler
      AutoPublishAlias: live
      Timeout: {timeout}
      Environment:
        Variables:
          OWN: {name}
          QUEUE_URL: !GetAtt {name}Queue.Outputs.QueueUrl
          TABLE: !Ref Things
          SECRET: !Ref Secret
      Policies:
        - Statement:
            - {{Effect: Allow, Action: dynamodb:PutItem, Resource: !GetAtt Things.Arn}}
            - {{Effect: Allow, Action: "sqs:*", Resource: !GetAtt {name}Queue.Outputs.QueueArn}}
            - {{Effect: Allow, Action: ["ses:*", "ssm:*"], Resource: "*"}}
"""

THINGS = """
  Things:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: thing_id, AttributeType: S}]
      KeySchema: [{AttributeName: thing_id, KeyType: HASH}]
"""


class House:
    """Writes functions and a template into a folder, and opens local clouds on it, one at a time."""

    def __init__(self, folder: Path, exits: ExitStack) -> None:
        self.folder = folder
        self._exits = exits
        self._stanzas = [HEAD, THINGS]
        self.write("stacks/queue.yaml", QUEUE_STACK)
        self.write("layers/shared/shared/__init__.py", "seen = []\n")

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text))

    def consumer(
        self, name: str, source: str, *, fact: str = "", batch_size: int = 10, timeout: int = 30
    ) -> None:
        """A function on its own queue for one kind of fact (its own name where none is given)."""
        package = name.lower()
        self.room(package, source)
        self.declare(
            CONSUMER.format(
                name=name, package=package, fact=fact or name, batch_size=batch_size, timeout=timeout
            )
        )

    def function(self, name: str, source: str, events: str = "") -> None:
        """A function with the given `Events`, in YAML."""
        package = name.lower()
        self.room(package, source)
        self.declare(
            f"""
  {name}:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/{package}/
      Handler: {package}.door.handler
      Policies:
        - Statement:
            - {{Effect: Allow, Action: "*", Resource: "*"}}
"""
        )
        if events:
            self.declare(
                "      Events:\n" + textwrap.indent(textwrap.dedent(events).strip("\n"), " " * 8) + "\n"
            )

    def room(self, package: str, source: str) -> None:
        self.write(f"functions/{package}/{package}/__init__.py", "")
        self.write(f"functions/{package}/{package}/door.py", source)

    def declare(self, stanza: str) -> None:
        self._stanzas.append(stanza)

    def open(self, *, now: datetime = MORNING, dynamodb_endpoint: str | None = None) -> LocalCloud:
        self.write("template.yaml", "".join(self._stanzas))
        self._exits.close()
        cloud = LocalCloud(
            now=now, template=self.folder / "template.yaml", dynamodb_endpoint=dynamodb_endpoint
        )
        return self._exits.enter_context(cloud)
