"""The words of a text as the search compares them: folded, without the small ones, lengths written one way.

Folding takes off what people write or leave out: case, accents, apostrophes, Arabic vowel signs and the
Arabic article. What is left is letters and digits, so that no text can be anything but a list of words.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["ending_of", "words_of"]

_SMALL = {
    "en": """
        a able about after again all also am an and any anything april are as at august be because
        become been before begin being better but by can cant could day days december did do does doesnt
        done dont eight every everything february five for four friday from get gets getting go goes
        going good got had has hasnt have havent having he her him his hour hours how i if im in into is
        isnt it its ive january july june just keep keeping learn learning less let like make making
        march may me minute minutes monday month months more most much my need nine not nothing november
        october of off ok on one or our out over own put really saturday september seven she six so some
        something start started starting stop stopping stuff sunday take taking ten that the their them
        then there these they thing things this three thursday time times to today tomorrow tonight too
        try trying tuesday two up us very want was way we wednesday week were what when where which
        while who will with without wont would year years you your
    """,
    "de": """
        ab aber als am an auch auf aus bei bin bis das dass dem den denn der des die dies doch du ein
        eine einem einen einer eines endlich er es etwas für gegen habe haben hat ich ihm ihn ihr ihre
        im in ist ja kann kein keine können lassen machen man mehr mein meine meinem meinen meiner mich
        mir mit möchte muss nach nicht noch nur ob oder ohne schon sein seine sich sie sind so soll über
        um und uns unter vom von vor wann war was weil wenn wer werden wie will wieder wir wird wo zu
        zum zur
    """,
    "es": """
        a al algo ante antes aunque bien cada como con cuando de del desde donde durante e el ella ellos
        en entre era es esa ese eso esta estar este esto estoy fue ha hacer han hasta hay he la las le
        les lo los mas me mi mis mucho muy ni no nos o para pero poder por porque que quiero se ser si
        sin sobre soy su sus también tan te tener tengo tu un una unas unos ver y ya yo
    """,
    "ar": """
        من في على الى عن مع ان لا ما هذا هذه ذلك التي الذي كان كل او ثم قد لم لن هو هي انا نحن انت كي
        حتى بعد قبل عند غير كيف لكن اذا ليس اريد يا و
    """,
}
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10}
_LENGTH = re.compile(rf"\b(\d+|{'|'.join(_NUMBERS)})\s*k(?:m|ms|ilomet(?:re|er)s?)?\b")
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile("['’‘`´ʼ]")
_ARTICLE = re.compile(r"^(?:[وبفك]?ال|لل)(?=\w{3})")
_ARABIC = str.maketrans({"ى": "ي", "ة": "ه", "ـ": ""})


def words_of(text: str, language: str) -> tuple[str, ...]:
    """The words of a text that carry its meaning, in their order; 5 km, 5K and five kilometres are one word.

    >>> words_of("I can’t run FIVE kilometres", "en")
    ('run', '5km')
    """
    folded = _folded(text)
    if language == "en":
        folded = _LENGTH.sub(lambda found: f"{_NUMBERS.get(found[1], found[1])}km", folded)
    words = _WORD.findall(folded)
    if language == "ar":
        words = [_ARTICLE.sub("", word) for word in words]
    small = _SMALL_WORDS.get(language, frozenset())
    return tuple(word for word in words if word not in small and not word.isdigit())


def ending_of(word: str) -> int:
    """How many letters of a word may be its ending, in a language that no stemmer is at hand for."""
    return 0 if len(word) < 5 else 1 if len(word) < 7 else 2


def _folded(text: str) -> str:
    """Lower case, without accents, apostrophes and marks that are not seen."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(letter for letter in letters if unicodedata.category(letter) not in ("Mn", "Cf"))
    return _APOSTROPHE.sub("", kept).translate(_ARABIC)


_SMALL_WORDS = {language: frozenset(_folded(text).split()) for language, text in _SMALL.items()}
