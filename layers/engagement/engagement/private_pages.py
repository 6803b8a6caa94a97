"""Pages behind the links in mails: each is one customer's alone."""


def private_page_headers(policy: str) -> dict[str, str]:
    """Kept by no cache, found by no search, its link told to no other site; it runs no script.

    `policy` is what the page may do besides, in the words of Content-Security-Policy: without it, nothing.
    """
    return {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-robots-tag": "noindex",
        "x-content-type-options": "nosniff",
        "content-security-policy": f"default-src 'none'; {policy}; base-uri 'none'; frame-ancestors 'none'",
    }
