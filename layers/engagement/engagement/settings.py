"""A door's settings: what its stanza in template.yaml puts into the environment, as one typed model.

Field `carts_table` is the variable `CARTS_TABLE`. A test holds that stanza and model name the same ones.
"""

import os
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from engagement.errors import MissingSettingError


class DoorSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def from_environment(cls) -> Self:
        """Read on the first call, never at import. Raises MissingSettingError naming each variable that is wrong."""
        names = {field: field.upper() for field in cls.model_fields}
        found = {field: os.environ[name] for field, name in names.items() if os.environ.get(name)}
        try:
            return cls.model_validate(found)
        except ValidationError as error:
            wrong = ", ".join(
                f"{str(e['loc'][0]).upper()} ({e['msg']})" for e in error.errors(include_input=False)
            )
            raise MissingSettingError(f"{cls.__module__}: {wrong}") from None
