"""Who is looked for: a customer, under every name that something may be kept under."""

from dataclasses import dataclass, replace

from engagement.addresses import address_hash
from engagement.items import from_item, to_item
from engagement.observability import customer_ref
from engagement.secret_keys import keyed_digest
from rishta_cli.stacks import Stack


@dataclass(frozen=True)
class Person:
    """`address`: the profile's, or as it was typed; None where nobody knows it (any more). `key` is the hash key."""

    customer_id: str
    address: str | None
    key: bytes

    @property
    def reference(self) -> str:
        """As logs and the mail log have the customer."""
        return customer_ref(self.customer_id)

    @property
    def address_hash(self) -> str | None:
        """Under which carts and orders of guests are kept."""
        return address_hash(self.key, self.address) if self.address else None

    @property
    def suppression_hash(self) -> str | None:
        """Under which the address is kept where it must not be mailed."""
        if not self.address:
            return None
        return keyed_digest(self.key, "suppression", self.address.strip().lower()).hex()

    @property
    def erasure_digest(self) -> str:
        """Under which it is kept that they were erased: nobody without the hash key can tell who that is."""
        return keyed_digest(self.key, "erasure", self.customer_id).hex()

    def is_named_in(self, text: str) -> bool:
        """Whether a text is their id or address, or a business key with their id in it (`birthday:cust-3:2027`)."""
        if self.customer_id in text.replace("#", ":").split(":"):
            return True
        return self.address is not None and text.strip().lower() == self.address.strip().lower()

    def with_address(self, address: str | None) -> "Person":
        return replace(self, address=address) if address else self


def find_person(stack: Stack, customer_id: str, address: str | None = None) -> Person:
    """The customer as they are known now; `address` for one who has no profile. Raises botocore's ClientError."""
    parameter = stack.client("ssm").get_parameter(Name=stack.parameter_name("hash-key"), WithDecryption=True)
    answer = stack.client("dynamodb").get_item(
        TableName=stack.physical_id("CustomersTable"),
        Key=to_item({"customer_id": customer_id}),
        ConsistentRead=True,
    )
    known = from_item(answer["Item"]).get("email") if "Item" in answer else None
    return Person(customer_id, address or known, parameter["Parameter"]["Value"].encode())
