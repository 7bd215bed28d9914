"""Propose a time zone for a language: the zone of most people who write in it."""

__all__ = ["zone_of"]

_ZONES = {
    "zh": "Asia/Shanghai",
    "zh-tw": "Asia/Taipei",
    "zh-hant": "Asia/Taipei",
    "zh-hk": "Asia/Hong_Kong",
    "zh-mo": "Asia/Macau",
    "zh-sg": "Asia/Singapore",
    "ja": "Asia/Tokyo",
    "ko": "Asia/Seoul",
    "vi": "Asia/Ho_Chi_Minh",
    "th": "Asia/Bangkok",
    "id": "Asia/Jakarta",
    "hi": "Asia/Kolkata",
    "fa": "Asia/Tehran",
    "he": "Asia/Jerusalem",
    "tr": "Europe/Istanbul",
    "ru": "Europe/Moscow",
    "uk": "Europe/Kyiv",
    "be": "Europe/Minsk",
    "bg": "Europe/Sofia",
    "el": "Europe/Athens",
    "ro": "Europe/Bucharest",
    "fi": "Europe/Helsinki",
    "de": "Europe/Berlin",
    "de-at": "Europe/Vienna",
    "de-ch": "Europe/Zurich",
    "nl": "Europe/Amsterdam",
    "fr": "Europe/Paris",
    "fr-ca": "America/Toronto",
    "it": "Europe/Rome",
    "es": "Europe/Madrid",
    "es-mx": "America/Mexico_City",
    "es-ar": "America/Argentina/Buenos_Aires",
    "pt": "Europe/Lisbon",
    "pt-br": "America/Sao_Paulo",
    "pl": "Europe/Warsaw",
    "cs": "Europe/Prague",
    "sk": "Europe/Bratislava",
    "hu": "Europe/Budapest",
    "sv": "Europe/Stockholm",
    "da": "Europe/Copenhagen",
    "nb": "Europe/Oslo",
    "no": "Europe/Oslo",
    "en-gb": "Europe/London",
    "en-ie": "Europe/Dublin",
    "en-nz": "Pacific/Auckland",
}


def zone_of(language: str) -> str:
    """Return the IANA zone for a BCP 47 tag; empty if no zone is the most common one."""
    tag = language.lower().replace("_", "-")
    while tag:
        if tag in _ZONES:
            return _ZONES[tag]
        tag = tag.rpartition("-")[0]
    return ""
