from __future__ import annotations

import base64

import pytest

from tests.local_cloud.house import House

ECHOES = "def handler(event, context): return event"
ROUTES = """
    One: {Type: HttpApi, Properties: {Path: "/carts/{cart}", Method: get}}
    Fixed: {Type: HttpApi, Properties: {Path: /carts/all, Method: get}}
    Form: {Type: HttpApi, Properties: {Path: /unsubscribe, Method: post}}
"""


def test_the_event_is_payload_format_2(house: House) -> None:
    house.function("Pages", ECHOES, ROUTES)
    cloud = house.open()

    answer = cloud.http(
        "get", "/carts/a%20b?x=1&x=2&y=%C3%A9", headers={"X-Thing": "t", "Cookie": "a=1; b=2"}
    )

    assert answer.status == 200
    assert answer.invocation is not None
    event = answer.invocation.result
    assert event["version"] == "2.0"
    assert event["routeKey"] == "GET /carts/{cart}"
    assert event["pathParameters"] == {"cart": "a b"}
    assert event["queryStringParameters"] == {"x": "1,2", "y": "é"}
    assert event["rawQueryString"] == "x=1&x=2&y=%C3%A9"
    assert event["cookies"] == ["a=1", "b=2"]
    assert event["headers"]["x-thing"] == "t"
    assert event["requestContext"]["http"]["method"] == "GET"
    assert "body" not in event


def test_a_fixed_path_wins_over_a_placeholder(house: House) -> None:
    house.function("Pages", ECHOES, ROUTES)

    answer = house.open().http("GET", "/carts/all")

    assert answer.invocation is not None
    assert answer.invocation.result["routeKey"] == "GET /carts/all"


def test_a_form_comes_in_base64_and_json_as_it_is(house: House) -> None:
    house.function("Pages", ECHOES, ROUTES)
    cloud = house.open()

    form = cloud.http(
        "POST", "/unsubscribe", body="List-Unsubscribe=One-Click",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    ).invocation  # fmt: skip
    json = cloud.http(
        "POST", "/unsubscribe", body="{}", headers={"Content-Type": "application/json"}
    ).invocation

    assert form is not None
    assert json is not None
    assert form.result["isBase64Encoded"] is True
    assert base64.b64decode(form.result["body"]) == b"List-Unsubscribe=One-Click"
    assert (json.result["isBase64Encoded"], json.result["body"]) == (False, "{}")


@pytest.mark.parametrize(
    ("method", "url"), [("GET", "/nothing"), ("HEAD", "/carts/1"), ("GET", "https://x.test/carts/1")]
)
def test_no_route_is_404(house: House, method: str, url: str) -> None:
    house.function("Pages", ECHOES, ROUTES)
    cloud = house.open()

    assert cloud.http(method, url).status == 404
    assert cloud.invocations == []


def test_the_url_that_the_template_makes_leads_to_the_route(house: House) -> None:
    source = """
        def handler(event, context):
            return {"statusCode": 303, "headers": {"Location": "/x"}, "cookies": ["a=1"], "body": "hi"}
    """
    house.function("Pages", source, ROUTES)
    house.declare(
        "Outputs:\n  Url: {Value: !Sub 'https://${ServerlessHttpApi}.execute-api.${AWS::Region}.amazonaws.com'}\n"
    )
    cloud = house.open()

    answer = cloud.http("GET", cloud.outputs["Url"] + "/carts/1")

    assert (answer.status, answer.headers["location"], answer.body) == (303, "/x", "hi")
    assert answer.cookies == ("a=1",)


def test_a_failing_function_answers_500_without_its_reasons(house: House) -> None:
    house.function("Pages", "def handler(event, context): 1 / 0", ROUTES)

    answer = house.open().http("GET", "/carts/1")

    assert (answer.status, answer.body) == (500, '{"message":"Internal Server Error"}')
