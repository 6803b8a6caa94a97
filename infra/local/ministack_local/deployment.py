"""Our stack, deployed to MiniStack; all that follows goes over the AWS API, as with the real one."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from ministack_local.packaging import BUCKET, packaged, routes
from ministack_local.server import ACCOUNT, REGION, SECRET, Answer, MiniStack

STACK = "rishta"
_PATIENCE = 120.0


@dataclass(frozen=True)
class Mail:
    to: Sequence[str]
    subject: str
    text: str
    html: str


class Deployment:
    """`resources` by logical id (physical names), those of nested stacks as `MailQueue/Queue`."""

    def __init__(self, engine: MiniStack, parameters: Mapping[str, str]) -> None:
        self._engine = engine
        self._upload_and_create(parameters)
        self.resources = dict(self._resources(STACK, ""))
        self.outputs: dict[str, str] = {
            each["OutputKey"]: each["OutputValue"] for each in self._described().get("Outputs", [])
        }

        self._make_routes()

    def client(self, service: str) -> Any:
        return self._engine.client(service)

    def tell(self, kind: str, detail: Mapping[str, Any]) -> None:
        """A fact on the shop's bus. Raises AssertionError if the bus does not take it."""
        entry = {
            "EventBusName": self.outputs["ShopBusName"],
            "Source": "shop",
            "DetailType": kind,
            "Detail": json.dumps(detail),
        }
        answer = self.client("events").put_events(Entries=[entry])
        assert not answer["FailedEntryCount"], answer

    def call(self, function: str, event: Mapping[str, Any]) -> Any:
        """One function, by its alias, as a schedule calls it; what it answers. Raises AssertionError if it failed."""
        answer = self.client("lambda").invoke(
            FunctionName=f"{self.resources[function]}:live", Payload=json.dumps(event)
        )
        told = answer["Payload"].read().decode()
        assert "FunctionError" not in answer, told
        return json.loads(told)

    def items(self, table: str) -> list[dict[str, Any]]:
        return list(self.client("dynamodb").scan(TableName=self.resources[table])["Items"])

    def mails(self) -> list[Mail]:
        """Every mail that SES took, in order; MiniStack keeps no headers but these."""
        kept = self._engine.get("/_ministack/ses/messages")["messages"].get(ACCOUNT, [])
        return [Mail(each["To"], each["Subject"], each["BodyText"], each["BodyHtml"]) for each in kept]

    def dead_letters(self) -> dict[str, list[str]]:
        """The bodies in each queue of dead letters that is not empty."""
        found = {}
        for name, url in self.resources.items():
            if name.endswith("/DeadLetterQueue"):
                answer = self.client("sqs").receive_message(
                    QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0
                )
                if "Messages" in answer:
                    found[name.partition("/")[0]] = [each["Body"] for each in answer["Messages"]]
        return found

    def http(self, method: str, path: str, body: str | None = None, *, signed: bool = False) -> Answer:
        """A request to the pages' API; `path` is a path with its query, or a link from a mail."""
        link = urlsplit(path)
        where = urlunsplit(("", "", link.path, link.query, ""))
        # MiniStack serves the API under its own name instead of AWS's.
        api = (urlsplit(self.outputs["PagesUrl"]).hostname or "").partition(".")[0]
        host = f"{api}.execute-api.{urlsplit(self._engine.endpoint).netloc}"
        headers = {"content-type": "application/x-www-form-urlencoded"} if body is not None else {}
        if signed:
            request = AWSRequest(method, f"http://{host}{where}", headers, body)
            SigV4Auth(Credentials(ACCOUNT, SECRET), "execute-api", REGION).add_auth(request)
            headers |= dict(request.headers.items())
        return self._engine.ask(method, where, body, headers | {"Host": host})

    def log(self) -> list[str]:
        """Every line that functions wrote."""
        events = self.client("logs").get_paginator("filter_log_events")
        pages = events.paginate(logGroupName=self.outputs["LogGroupName"])
        return [event["message"] for page in pages for event in page["events"]]

    def _upload_and_create(self, parameters: Mapping[str, str]) -> None:
        store = self.client("s3")
        store.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})

        def upload(key: str, content: bytes) -> str:
            store.put_object(Bucket=BUCKET, Key=key, Body=content)
            return f"{self._engine.endpoint}/{BUCKET}/{key}"

        self.client("cloudformation").create_stack(
            StackName=STACK,
            TemplateURL=upload("template.json", json.dumps(packaged(upload)).encode()),
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
            Parameters=[
                {"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()
            ],
        )
        done = eventually(lambda: not self._described()["StackStatus"].endswith("IN_PROGRESS"))
        if not done or self._described()["StackStatus"] != "CREATE_COMPLETE":
            told = self.client("cloudformation").describe_stack_events(StackName=STACK)["StackEvents"]
            reasons = [f"{each['LogicalResourceId']}: {each.get('ResourceStatusReason')}" for each in told]
            raise RuntimeError("The stack was not made:\n" + "\n".join(reasons))

    def _make_routes(self) -> None:
        api, calls = self.client("apigatewayv2"), self.client("lambda")
        for route in routes():
            alias = calls.get_alias(FunctionName=self.resources[route.function], Name="live")["AliasArn"]
            integration = api.create_integration(
                ApiId=self.resources["PagesApi"],
                IntegrationType="AWS_PROXY",
                IntegrationUri=alias,
                PayloadFormatVersion="2.0",
            )
            api.create_route(
                ApiId=self.resources["PagesApi"],
                RouteKey=route.key,
                Target=f"integrations/{integration['IntegrationId']}",
                AuthorizationType="AWS_IAM" if route.signed else "NONE",
            )

    def _described(self) -> dict[str, Any]:
        stacks = self.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
        return dict(stacks[0])

    def _resources(self, stack: str, prefix: str) -> Iterator[tuple[str, str]]:
        pages = self.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack)
        for page in pages:
            for each in page["StackResourceSummaries"]:
                name, physical_id = prefix + each["LogicalResourceId"], each["PhysicalResourceId"]
                yield name, physical_id
                if each["ResourceType"] == "AWS::CloudFormation::Stack":
                    yield from self._resources(physical_id, f"{name}/")


def eventually(is_so: Callable[[], Any], *, within: float = _PATIENCE) -> Any:
    """What `is_so` says as soon as it is true; what it said last, if that takes longer (seconds)."""
    until = time.monotonic() + within
    while not (said := is_so()) and time.monotonic() < until:
        time.sleep(0.3)
    return said
