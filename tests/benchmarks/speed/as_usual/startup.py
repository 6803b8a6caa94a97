"""In the place of `engagement.startup`, in the stack that is built as usual: a start like any other."""


def ready[F](handler: F) -> F:
    return handler
