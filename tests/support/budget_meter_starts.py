"""What a cold start imports and opens, function by function: in a fresh process, with what is shipped and no more."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from budget_meter import Figures
from local_cloud.template import REPOSITORY, load_template

LAYER = REPOSITORY / "layers" / "engagement"
REQUIREMENTS = REPOSITORY / "layers" / "dependencies" / "requirements.txt"
_PROBE = Path(__file__).with_name("budget_meter_probe.py")
_CLIENTS = ("dynamodb", "sqs", "events", "ssm", "sesv2")
# As Lambda sets it, as far as an import may ask; nothing of this machine's.
_ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_LAMBDA_FUNCTION_NAME": "function",
    "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
    "LAMBDA_TASK_ROOT": "/var/task",
    "LANG": "en_US.UTF-8",
    "TZ": ":UTC",
    "POWERTOOLS_SERVICE_NAME": "rishta",
    "POWERTOOLS_METRICS_NAMESPACE": "rishta",
    "POWERTOOLS_LOG_LEVEL": "INFO",
}


def cold_starts(functions: Mapping[str, tuple[Path, str]], layer: Path = LAYER) -> Figures:
    """Of each function, given its folder and its handler's module, by its logical id."""
    with dependencies() as packages:
        roots = {str(layer): "engagement", str(packages): ""}
        return _probed(
            {
                name: {"roots": {str(folder): door.partition(".")[0]} | roots, "door": door, "calls": []}
                for name, (folder, door) in functions.items()
            }
        )


def clients(layer: Path = LAYER) -> Figures:
    """What the first use of each client takes, one after the other: the first one takes what all share."""
    with dependencies() as packages:
        roots = {str(layer): "engagement", str(packages): ""}
        return _probed({"clients": {"roots": roots, "door": "engagement.aws", "calls": _CLIENTS}})["clients"]  # type: ignore[return-value]


def functions_of_template() -> dict[str, tuple[Path, str]]:
    resources = load_template(REPOSITORY / "template.yaml")["Resources"]
    return {
        name: (
            REPOSITORY / resource["Properties"]["CodeUri"].rstrip("/"),
            resource["Properties"]["Handler"].rpartition(".")[0],
        )
        for name, resource in resources.items()
        if resource["Type"] == "AWS::Serverless::Function"
    }


def shipped_distributions() -> list[str]:
    return re.findall(r"^([a-z0-9._-]+)==", REQUIREMENTS.read_text(encoding="utf-8"), re.MULTILINE)


@contextmanager
def dependencies() -> Iterator[Path]:
    """A folder with links to what the layer of dependencies has, and nothing else of the development environment:
    packages look each other up, and would find more there."""
    with TemporaryDirectory() as folder:
        for name in shipped_distributions():
            found = distribution(name)
            for top in {
                file.parts[0] for file in found.files or () if file.parts[0] not in ("..", "__pycache__")
            }:
                (Path(folder) / top).symlink_to(Path(str(found.locate_file(top))).resolve())
        yield Path(folder)


def _probed(jobs: Mapping[str, Mapping[str, Any]]) -> Figures:
    done = subprocess.run(
        # Isolated, without site-packages, and writing no bytecode.
        [sys.executable, "-I", "-S", "-B", str(_PROBE)],
        input=json.dumps(jobs),
        env=_ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    took: dict[str, Any] = json.loads(done.stdout)
    return {name: took[name] for name in jobs}
