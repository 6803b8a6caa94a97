"""Links, addresses and telephones in normalised text, as far as a rule can tell. Each makes somebody look, no more.

Everything is found in the time that the text takes to read: no part of an expression can match a run twice.
"""

import re

# Ends of hosts that are nobody's word, even where the space after a full stop was forgotten.
_ENDINGS = (
    "com|org|net|edu|gov|biz|info|xyz|io|ly|gl|gg|tv|tk|ml|ga|cf|gq|cc|ws|pw|ru|cn|jp|kr|uk|fr|nl|pl|br|eu|cz|ch|"
    "vn|lk|np|pk|bd|ae|sg|ph|au|ca|nz|za|guru|icu|vip|click|link|website|online|store|tech|dev|app|cloud|shop|loan|"
    "agency|company|digital|website|host|asia|mobi|name|pics|blog|casino|bet|wiki|bharat|भारत|कॉम"
)
# Ends that are words: `very nice.in this price`. They mean a host after another one of its parts, or after a word
# that leads somewhere.
_WORDY = (
    "in|me|de|it|is|so|to|my|no|be|at|us|am|as|by|do|co|site|top|club|live|life|world|one|fun|best|space|buzz"
)
_LEADING = "visit|at|on|from|see|site|website|goto|go to|link|order from|buy from|पर|से"
_MAILS = "gmail|googlemail|yahoo|ymail|hotmail|outlook|rediffmail|rediff|protonmail|proton|icloud|live|mail"
_LINKS = re.compile(
    "|".join(
        (
            r"\bhttps?\b|\bhxxps?\b|://|\b(?:t|wa)\.me\b",
            r"\bwww ?(?:\.|[\[({]|dot\b)",
            # example.com, and any example.abc/path
            rf"[\w-]\.(?:{_ENDINGS})\b",
            r"[\w-]\.[a-z]{2,12}/\w",
            # tea.example.in, visit example.in
            rf"[\w-]\.[\w-]{{2,63}}\.(?:{_WORDY})\b",
            rf"\b(?:{_LEADING}) [\w-]{{2,63}}\.(?:{_WORDY})\b",
            # example . com, example dot com, example [dot] in, example(.)in
            r"\w (?:\. ?|\.)com\b|\w\. com\b",
            r"\b(?:dot|डॉट) ?(?:com|org|io|co\.? ?in|ru|xyz|info|कॉम|इन)\b",
            r"[\[({<] ?(?:dot|डॉट|\.) ?[\])}>] ?\w",
            # asha@example, asha @ example.abc, asha (at) example, asha at gmail
            r"\w@(?!rs\b|rs\d|inr)[a-z]|\w ?@ ?[a-z][\w-]{0,63} ?\.[a-z]",
            rf"(?:@|\bat) ?(?:{_MAILS})\b(?<!\bat live)(?<!\bat mail)",
            r"[\[({<] ?(?:at|एट|@) ?[\])}>] ?\w",
        )
    )
)
_NUMBERS = re.compile(r"\+?\d(?:[ ().-]{0,3}\d)*")
_DIGITS = re.compile(r"\d+")
# Of ten to thirteen digits in at most three groups, as people group them; dates, prices, sizes, orders and the numbers
# below bar codes are grouped otherwise.
_TELEPHONE = re.compile(
    r"^\+(?=(?:\d-?){10,13}$)\d+(?:-\d{3,}){0,2}$"
    r"|^0\d{10}$|^(?=(?:\d-?){11,13}$)0\d*(?:-\d{3,}){1,2}$"
    r"|^(?=(?:\d-?){12}$)91\d*(?:-\d{3,}){0,2}$"
    r"|^(?=(?:\d-?){10}$)[2-9]\d*(?:-\d{3,}){1,2}$"
    # A mobile of India's, whatever numbers stand beside it.
    r"|\b[6-9](?:\d{9}|\d{4}-\d{5})\b"
)


def leads_elsewhere(normalised: str) -> bool:
    """Whether the text has a link, an address of a mailbox or a telephone number."""
    # A full stop of Chinese is one to a browser, too.
    text = normalised.replace("。", ".")
    return bool(_LINKS.search(text)) or any(_is_telephone(each[0]) for each in _NUMBERS.finditer(text))


def _is_telephone(run: str) -> bool:
    grouped = "-".join(_DIGITS.findall(run))
    return bool(_TELEPHONE.search(f"+{grouped}" if run.startswith("+") else grouped))
