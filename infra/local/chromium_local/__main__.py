"""`python -m chromium_local`: have a Chromium ready, and say which."""

import sys

from chromium_local.finding import ChromiumError, chromium


def main() -> int:
    try:
        print(f"Chromium: {chromium().executable}", flush=True)
    except ChromiumError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
