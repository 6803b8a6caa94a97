"""MiniStack, somebody else's AWS in one process of this machine: our template is deployed to it as to the real one."""

from ministack_local.server import MiniStack

__all__ = ["MiniStack"]
