"""Recognise the language of a text by its common letters."""

import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

__all__ = ["Writing", "writings"]

_SAMPLE = 100_000
"""Characters that a language is told by."""
_COMMON_TO_ALL = (
    "的一是不了在人有我他中大和地到以就出也你子那得下自之年生能而可要用道行所然家成方多法去"
    "如都同面起看定天分好小部其些主心她本前只想日者力它十民第公此已工使情明性知全三又正外高"
    "最重手文美相利什二等新己制身果加月合回代信老位次度常先海原立解水名真目走各入口平系太量"
    "再感建做件直命山金指至便空治展基眼非白界光放像思王完色路南品住告求北死交取望光今切院"
)
_SIMPLIFIED = (
    "这个们来上为国说时会对着于里后过发作种事经么学当没动还进样理开但因从实军意无与长把机关"
    "点业将两间由问很并物应战向头体政见被产话特内表化给门任教儿东声提及比员论处义几认条气题"
    "活尔更别打女变四神总何电数安少报才结反受务接必场计管期市德资许统区保队形社决马科司五书"
    "则听却达强即难且权象设式记类据程边张该规万拉格觉术领共确传师观清让识候带导争运测试写码"
)
_TRADITIONAL = (
    "這個們來上為國說時會對著於裡後過發作種事經麼學當沒動還進樣理開但因從實軍意無與長把機關"
    "點業將兩間由問很並物應戰向頭體政見被產話特內表化給門任教兒東聲提及比員論處義幾認條氣題"
    "活爾更別打女變四神總何電數安少報才結反受務接必場計管期市德資許統區保隊形社決馬科司五書"
    "則聽卻達強即難且權象設式記類據程邊張該規萬拉格覺術領共確傳師觀清讓識候帶導爭運測試寫碼"
)
_JAPANESE = (
    "日一人国会大年十二本中長出三同時政事自行社見月分議後前民生連五発間対上部東者党地合市業"
    "内相方四定今回新場金員九入選立開手米力学問高代明実円関決子動京全目表戦経通外最言氏現理"
    "調体化田当八六約主題下首意法不来作性的要用制治度務強気小七成期公野協取都和統以機平総"
)
_KANA = "".join(map(chr, (*range(0x3041, 0x3097), *range(0x30A1, 0x30FB))))
_KOREAN = (
    "이다는을에의하고가지도로어사그나리있기한라서아대해자인으정시스수보것들일부전게만여원제와"
    "주국장오상구적조성유동공를었면안했위개신관무화경요생실선마계되세모방과분중소학연문물반진내"
    "말할않년때던네거러데음씨더각치비미호통용등트야습니까합됩입습려려람업며명발"
)
_SIGNS = frozenset("“”‘’«»–—…•·©®™°§№€\xa0")
_LATIN = frozenset("àáâäåæçèéêëìíîïñòóôöøùúûüßœÀÁÂÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖØÙÚÛÜŒ")
_PORTUGUESE = frozenset("ãõÃÕ")
_LATIN_WORDS = frozenset("àèéêóòÀÈÉÊÓÒ")
_ODD_SIGNS = re.compile(
    r"[¡¿£²³½¼¾×´ºª†¢]{2}|[²³½¼¾´†][^\W\d_]|[^\x00-\x7f](?<!\w)[^\W\d_a-zA-Z](?!\w)"
)
_LATIN_SIGNS = _SIGNS | frozenset("¡¿£²³½¼¾×´ºª†¢")
_CYRILLIC = frozenset(map(chr, (*range(0x0401, 0x0410), *range(0x0410, 0x0460), 0x0490, 0x0491)))
_OFTEN, _VOWELS = frozenset("оеаинтсрвл"), frozenset("оеаи")
_INSIDE_WORD = re.compile(r"[^\W\d_][^\x00-\x7f\w\s’·–—][^\W\d_]")


class Writing(Struct, frozen=True):
    """An encoding, by Python's name and by people's, with the letters `common` in its texts.

    `share` is the part of the letters that is `common` in any text of more than a few words.
    """

    codec: str
    name: str
    common: frozenset[str]
    share: float = 0.4
    least: int = 3

    def likeness(self, text: str) -> float:
        """Return the share of letters beyond ASCII that are common ones, from 0 to 1."""
        letters = _letters(text)
        return sum(letter in self.common for letter in letters) / max(1, len(letters))

    def reads_well(self, text: str) -> bool:
        """Return whether `text` can hardly be anything else."""
        likeness = self.likeness(text)
        common = round(likeness * len(_letters(text)))
        return likeness >= self.share and (common >= self.least or (common > 1 and likeness > 0.9))


class _Cyrillic(Writing, frozen=True):
    def reads_well(self, text: str) -> bool:
        letters = _letters(text)
        vowels = sum(letter in _VOWELS for letter in letters)
        strange = set(re.findall(r"[^\x00-\x7f]", text)) - _CYRILLIC - _SIGNS
        # Hebrew's letters stand where the lower case from "а" to "ъ" does.
        is_whole = re.search("[А-ЯЁІЇЄы-яё-џ]", text) is not None
        is_spoken = vowels * 4 >= len(letters)
        return not strange and is_whole and is_spoken and super().reads_well(text)


class _Latin(Writing, frozen=True):
    def likeness(self, text: str) -> float:
        return min(super().likeness(text), 0.39)  # what reads well in another writing is that

    def reads_well(self, text: str) -> bool:
        text = text[:_SAMPLE]
        found = set(re.findall(r"[^\x00-\x7f]", text))
        # Romanian and Hungarian have one of these letters where Western encodings have "ã" or "õ".
        known = (
            found.isdisjoint(_PORTUGUESE)
            or not found.isdisjoint("çÇ")
            or len({letter.lower() for letter in found & _PORTUGUESE}) > 1
        )
        if not known or found - _LATIN - _PORTUGUESE - _LATIN_SIGNS:
            return False
        if _ODD_SIGNS.search(text) or _INSIDE_WORD.search(text):
            return False
        foreign = [word for word in re.findall(r"[^\W\d_]+", text) if not word.isascii()]
        is_latin = all(map(_is_latin_word, foreign))
        has_signs = re.search(rf"\w[{''.join(_SIGNS)}]|[{''.join(_SIGNS)}]\w", text, re.A)
        return is_latin and bool(foreign or has_signs)


def _is_latin_word(word: str) -> bool:
    """Return whether a word with non-ASCII letters fits a Western European language."""
    own = sum(not letter.isascii() for letter in word)
    return word in _LATIN_WORDS or (own < len(word) and own <= 3)


def _letters(text: str) -> str:
    """Return the non-ASCII letters of the first part of the text."""
    return "".join(re.findall(r"[^\W\d_\x00-\x7f]", text[:_SAMPLE]))


@cache
def writings() -> tuple[Writing, ...]:
    """Return the encodings that are told from each other."""
    chinese = frozenset(_COMMON_TO_ALL + _SIMPLIFIED)
    traditional = frozenset(_COMMON_TO_ALL + _TRADITIONAL)
    japanese = frozenset(_KANA + _JAPANESE)
    return tuple(_all(chinese, traditional, japanese))


def _all(
    chinese: frozenset[str], traditional: frozenset[str], japanese: frozenset[str]
) -> Iterator[Writing]:
    yield Writing("gb18030", "GBK", chinese)
    yield Writing("big5hkscs", "Big5", traditional)
    yield Writing("cp950", "Big5", traditional)
    yield Writing("cp932", "Shift_JIS", japanese, 0.5)
    yield Writing("euc_jp", "EUC-JP", japanese, 0.5)
    yield Writing("cp949", "EUC-KR", frozenset(_KOREAN))
    yield _Cyrillic("cp1251", "windows-1251", _OFTEN, 0.5, 4)
    yield _Cyrillic("koi8_r", "KOI8-R", _OFTEN, 0.5, 4)
    yield _Latin("cp1252", "windows-1252", _LATIN, 0, 0)
