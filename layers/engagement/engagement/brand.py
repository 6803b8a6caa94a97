"""How a shop looks in its mails: colours in daylight and in the dark, a logo, where else it can be found."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from engagement.events.base import Text, Url

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]

# WCAG 2.2, success criterion 1.4.3, level AA.
_READABLE = 4.5
_LINEAR_UP_TO = 0.04045
# What is written, and on what.
_WRITTEN_ON = (
    ("text", ("background", "card", "tint")),
    ("quiet", ("background", "card", "tint")),
    ("accent", ("background", "card", "tint")),
    ("on_accent", ("accent",)),
)


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Colours(_Section):
    """`accent` is the brand's own: buttons, links, the shop's name; `on_accent` is what stands on a button.

    `card` is the sheet that a mail is written on, `background` what lies around it; `quiet` is for what matters less,
    `tint` the ground of an offer or a picture, `line` what divides.
    """

    accent: Colour
    on_accent: Colour
    background: Colour
    card: Colour
    text: Colour
    quiet: Colour
    tint: Colour
    line: Colour

    def css(self) -> str:
        """As CSS variables: `--on-accent: #ffffff;` and so on."""
        return " ".join(f"--{name.replace('_', '-')}: {colour};" for name, colour in self)

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        for ink, grounds in _WRITTEN_ON:
            for ground in grounds:
                found = contrast(getattr(self, ink), getattr(self, ground))
                if found < _READABLE:
                    raise ValueError(
                        f"{ink} on {ground} cannot be read: their contrast is {found:.1f}, it wants {_READABLE}"
                    )
        return self


class Logo(_Section):
    """A picture in place of the shop's name, as wide as `width` says (CSS pixels); twice as many dots look sharp.

    It stands on `background`, in daylight and in the dark.
    """

    url: Url
    width: Annotated[int, Field(strict=True, ge=24, le=300)]


class Brand(_Section):
    headings: Literal["serif", "sans"] = "sans"
    colours: Colours
    dark_colours: Colours
    logo: Logo | None = None
    # Where else the shop can be found: a name to its page.
    social: Annotated[Mapping[Text, Url], Field(max_length=6)] = {}


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio of two colours (`#rrggbb`), from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    """A channel's light, of its value in sRGB."""
    return part / 12.92 if part <= _LINEAR_UP_TO else ((part + 0.055) / 1.055) ** 2.4
