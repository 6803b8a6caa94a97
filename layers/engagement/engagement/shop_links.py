"""Links to the shop that say which mail they stood in, for the shop's own analytics (UTM parameters)."""

from urllib.parse import urlsplit, urlunsplit

SOURCE = "rishta"
MEDIUM = "email"


def tracked(url: str, *, website: str, campaign: str, variant: str) -> str:
    """The URL with the campaign's parameters, if it leads to the shop's own site; any other as it is.

    Its own query and fragment stay as they were written, but for UTM parameters: these would count the visit as
    somebody else's. `campaign` and `variant` are plain words.
    """
    parts = urlsplit(url)
    if parts.hostname != urlsplit(website).hostname:
        return url
    own = [each for each in parts.query.split("&") if each and not each.lower().startswith("utm_")]
    ours = (
        f"utm_source={SOURCE}",
        f"utm_medium={MEDIUM}",
        f"utm_campaign={campaign}",
        f"utm_content={variant}",
    )
    # A query directly behind the host is right (RFC 3986), and more than one mail scanner trips over it.
    return urlunsplit(parts._replace(path=parts.path or "/", query="&".join([*own, *ours])))
