"""How tables name a group: `second_reminder_subject#step-2#question`."""

from cart_recovery.rules import Group


def group_name(group: Group) -> str:
    return f"{group.experiment}#{place_in_experiment(group)}"


def place_in_experiment(group: Group) -> str:
    """`step-2#question`: the group's name among those of its experiment."""
    return f"step-{group.step}#{group.variant}"


def as_group(name: str) -> Group:
    """The inverse of `group_name`."""
    experiment, step, variant = name.split("#")
    return Group(experiment, int(step.removeprefix("step-")), variant)
