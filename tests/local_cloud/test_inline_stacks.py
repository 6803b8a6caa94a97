from __future__ import annotations

from typing import Any

import pytest

from local_cloud.inline_stacks import inline_stacks

CHILD: dict[str, Any] = {
    "Parameters": {"Seconds": {"Default": 30}, "Label": {"Type": "String"}},
    "Conditions": {"Loud": {"Fn::Equals": [{"Ref": "Label"}, "loud"]}},
    "Resources": {
        "Queue": {
            "Type": "AWS::SQS::Queue",
            "DependsOn": "Dead",
            "Condition": "Loud",
            "Properties": {
                "VisibilityTimeout": {"Ref": "Seconds"},
                "QueueName": {"Fn::Sub": "${AWS::StackName}-${Label}-${Dead.QueueName}-${!literal}"},
                "DelaySeconds": {"Fn::If": ["Loud", 1, {"Ref": "AWS::NoValue"}]},
            },
        },
        "Dead": {"Type": "AWS::SQS::Queue"},
    },
    "Outputs": {"QueueArn": {"Value": {"Fn::GetAtt": ["Queue", "Arn"]}}, "Url": {"Value": {"Ref": "Queue"}}},
}


def a_parent(**more: Any) -> dict[str, Any]:
    stack = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": "child", "Parameters": {"Label": "x"}},
    }
    return {"Resources": {"Carts": {**stack, **more.pop("stack", {})}, **more}}


def flattened(**more: Any) -> dict[str, Any]:
    return inline_stacks(a_parent(**more), lambda _: CHILD)


def test_a_childs_resources_stand_in_the_parent_under_its_name() -> None:
    resources = flattened()["Resources"]

    assert list(resources) == ["CartsQueue", "CartsDead"]
    assert resources["CartsQueue"]["DependsOn"] == ["CartsDead"]
    assert resources["CartsQueue"]["Properties"]["VisibilityTimeout"] == 30


def test_a_text_names_the_childs_resources_and_the_given_values() -> None:
    name = flattened()["Resources"]["CartsQueue"]["Properties"]["QueueName"]

    text, variables = name["Fn::Sub"]
    assert text == "${VAWSStackName}-x-${CartsDead.QueueName}-${!literal}"
    assert variables == {"VAWSStackName": {"Fn::Sub": "${AWS::StackName}-Carts"}}


def test_an_output_is_replaced_by_what_it_says() -> None:
    reader = {
        "Type": "X",
        "Properties": {
            "A": {"Fn::GetAtt": ["Carts", "Outputs.QueueArn"]},
            "B": {"Fn::GetAtt": "Carts.Outputs.Url"},
            "C": {"Fn::Sub": "<${Carts.Outputs.Url}|${Carts.Outputs.QueueArn}>"},
        },
        "DependsOn": "Carts",
    }

    flat = flattened(Reader=reader)["Resources"]["Reader"]

    assert flat["Properties"] == {
        "A": {"Fn::GetAtt": ["CartsQueue", "Arn"]},
        "B": {"Ref": "CartsQueue"},
        "C": {"Fn::Sub": "<${CartsQueue}|${CartsQueue.Arn}>"},
    }
    assert flat["DependsOn"] == ["CartsQueue", "CartsDead"]


def test_the_conditions_of_both_hold() -> None:
    flat = flattened(stack={"Condition": "Wanted"})

    assert flat["Conditions"]["CartsLoud"] == {"Fn::Equals": ["x", "loud"]}
    assert flat["Resources"]["CartsDead"]["Condition"] == "Wanted"
    both = flat["Resources"]["CartsQueue"]["Condition"]
    assert flat["Conditions"][both] == {"Fn::And": [{"Condition": "Wanted"}, {"Condition": "CartsLoud"}]}
    assert flat["Resources"]["CartsQueue"]["Properties"]["DelaySeconds"]["Fn::If"][0] == "CartsLoud"


def test_an_output_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="Carts has no output Arn"):
        flattened(Reader={"Type": "X", "Properties": {"A": {"Fn::GetAtt": ["Carts", "Outputs.Arn"]}}})


def test_a_parameter_without_a_value_is_named() -> None:
    parent = a_parent()
    del parent["Resources"]["Carts"]["Properties"]["Parameters"]

    with pytest.raises(ValueError, match="no value for its parameter Label"):
        inline_stacks(parent, lambda _: CHILD)
