"""`python -m tests.simulation.finding_mistakes`: plants each mistake, plays its year, says which rules were broken.

One line of JSON for each. In a process of its own, since a seed gives the same year where texts are hashed alike.
"""

import json
import os
import sys


def main() -> None:
    from tests.simulation.__main__ import ready

    ready()
    from tests.simulation.planting import MISTAKES, planted
    from tests.simulation.years import play_year_of

    for number, mistake in enumerate(MISTAKES):
        if sys.argv[1:] and str(number) not in sys.argv[1:]:
            continue
        with planted(mistake):
            ending = play_year_of(mistake.story, mistake.about)
        broken = sorted({finding.rule for finding in ending.findings})
        found = {"mistake": mistake.what, "wanted": mistake.rule, "broken": broken}
        sys.stdout.write(f"{json.dumps(found)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":
        again = [sys.executable, "-m", "tests.simulation.finding_mistakes", *sys.argv[1:]]
        os.execve(sys.executable, again, os.environ | {"PYTHONHASHSEED": "0"})
    main()
