"""The two secrets in SSM: the one module that writes them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import TYPE_CHECKING

from engagement.observability import logger
from key_rotation.rules import is_due, with_new_key

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

_BYTES = 32


@dataclass(frozen=True)
class SecretKeeping:
    """`signing_keys` and `hash_key` are the names of SSM parameters; so many of the former are `kept`."""

    client: "SSMClient"
    signing_keys: str
    hash_key: str
    renewed_after: timedelta
    kept: int

    def keep(self, now: datetime) -> dict[str, list[str]]:
        """Makes what is missing, renews what is due. Tells which parameters were `made` and which `renewed`."""
        made = [name for name in (self.hash_key, self.signing_keys) if self._made(name)]
        renewed = [] if self.signing_keys in made or not self._renewed(now) else [self.signing_keys]
        if made or renewed:
            logger().info("secrets kept", extra={"made": made, "renewed": renewed})
        return {"made": made, "renewed": renewed}

    def renew(self) -> None:
        """A new signing key, now; what was signed with one that is not kept is good no more."""
        keys = self.client.get_parameter(Name=self.signing_keys, WithDecryption=True)["Parameter"]["Value"]
        self.client.put_parameter(
            Name=self.signing_keys,
            Value=with_new_key(keys, token_hex(_BYTES), kept=self.kept),
            Type="SecureString",
            Overwrite=True,
        )

    def _made(self, name: str) -> bool:
        try:
            # Not `Overwrite`: of two that make it at once the first wins, and nothing is ever made anew.
            self.client.put_parameter(Name=name, Value=token_hex(_BYTES), Type="SecureString")
        except self.client.exceptions.ParameterAlreadyExists:
            return False
        return True

    def _renewed(self, now: datetime) -> bool:
        known = self.client.get_parameter(Name=self.signing_keys, WithDecryption=False)["Parameter"]
        if not is_due(known["LastModifiedDate"], self.renewed_after, now):
            return False
        self.renew()
        return True
