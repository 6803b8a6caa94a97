"""The managed policies that SAM attaches by itself."""

from __future__ import annotations

_MANAGED_POLICY_ARN = "arn:aws:iam::aws:policy/"
MANAGED_POLICIES: dict[str, tuple[str, ...]] = {
    f"{_MANAGED_POLICY_ARN}service-role/AWSLambdaBasicExecutionRole": (
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    ),
    f"{_MANAGED_POLICY_ARN}service-role/AWSLambdaSQSQueueExecutionRole": (
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    ),
    f"{_MANAGED_POLICY_ARN}AWSXrayWriteOnlyAccess": (
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
        "xray:GetSamplingStatisticSummaries",
    ),
}
"""The actions of the managed policies that SAM attaches, all of them on every resource."""
