"""A function starts without its garbage being collected: what is imported stays, and looking it through again and again
is a fifth of a cold start. Each room imports this module before anything else, and each door's handler says `@ready`.
"""

import gc
import sys
from collections.abc import Callable

# Only in Lambda, whose runtime has this name: whoever else imports a room, has garbage of their own.
_WAITING = "awslambdaric" in sys.modules

if _WAITING:
    gc.disable()


_prepared: list[Callable[[], object]] = []


def prepared[F: Callable[[], object]](build: F) -> F:
    """Decorates a `@cache`d function that takes long and asks nobody, no file and no environment either: in Lambda it
    is called before the first event comes, while a function has the CPU to itself.
    """
    _prepared.append(build)
    return build


def ready[F](handler: F) -> F:
    """Decorates a door's `handler`, when all is imported: no collection looks at any of that, ever."""
    if _WAITING:
        for build in _prepared:
            build()
        gc.freeze()
        gc.enable()
    return handler
