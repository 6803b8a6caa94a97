from __future__ import annotations

import base64

import pytest

from tests.local_cloud.house import House

ECHOES = "def handler(event, context): return event"
SIGNED = "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260302/eu-central-1/execute-api/aws4_request, \
SignedHeaders=host;x-amz-date, Signature=0123456789abcdef"
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


def an_api_with_an_authorizer(house: House, authorizer: str) -> None:
    house.declare(
        """
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        EnableIamAuthorizer: true
        Authorizers:
          Tokens:
            IdentitySource: $request.header.Authorization
            JwtConfiguration: {issuer: https://login.example.com, audience: [shop]}
"""
    )
    house.function(
        "Pages",
        ECHOES,
        f"""
        Open: {{Type: HttpApi, Properties: {{ApiId: !Ref Api, Path: /open, Method: get}}}}
        Closed:
          Type: HttpApi
          Properties: {{ApiId: !Ref Api, Path: "/codes/{{code}}", Method: get, Auth: {{Authorizer: {authorizer}}}}}
        """,
    )


def test_a_route_for_aws_credentials_is_closed_to_whoever_signs_nothing(house: House) -> None:
    an_api_with_an_authorizer(house, "AWS_IAM")
    cloud = house.open()

    for headers in ({}, {"Authorization": "Bearer abc"}, {"Authorization": "AWS4-HMAC-SHA256 "}):
        answer = cloud.http("GET", "/codes/abc", headers=headers)
        assert (answer.status, answer.body) == (403, '{"message":"Forbidden"}')
    assert cloud.invocations == []
    assert cloud.http("GET", "/open").status == 200


def test_the_function_is_told_whose_credentials_signed(house: House) -> None:
    an_api_with_an_authorizer(house, "AWS_IAM")
    cloud = house.open()

    signed = cloud.http("GET", "/codes/abc", headers={"Authorization": SIGNED}).invocation
    unsigned = cloud.http("GET", "/open", headers={"Authorization": SIGNED}).invocation

    assert signed is not None
    assert unsigned is not None
    assert signed.result["requestContext"]["authorizer"]["iam"]["accessKey"] == "AKIAEXAMPLE"
    assert signed.result["headers"]["authorization"] == SIGNED
    assert "authorizer" not in unsigned.result["requestContext"]


def test_an_authorizer_that_is_not_played_is_no_open_door(house: House) -> None:
    an_api_with_an_authorizer(house, "Tokens")

    with pytest.raises(ValueError, match="the authorizer Tokens cannot be run"):
        house.open()
