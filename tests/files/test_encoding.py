"""Which encoding a text is in: certain, or not said."""

import pytest

from syndicate.files.encoding import Undecodable, as_utf8, decode, readable

SIMPLIFIED = "---\ntitle: 茶的世界\n---\n我们今天在北京喝茶，这是一个测试。\n"
TRADITIONAL = "---\ntitle: 茶的世界\n---\n我們今天在臺北喝茶，這是一個測試。\n"
JAPANESE = "---\ntitle: お茶の話\n---\n今日は東京でお茶を飲みました。とてもおいしかったです。\n"
KOREAN = "---\ntitle: 차 이야기\n---\n오늘은 서울에서 차를 마셨습니다. 정말 맛있었어요.\n"
RUSSIAN = "---\ntitle: Чай\n---\nСегодня мы пили чай в Москве. Это просто проверка.\n"
FRENCH = "---\ntitle: Été à la mer\n---\nNous avons préféré le thé : c’était créé « naïf ».\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SIMPLIFIED, "gbk"),
        (SIMPLIFIED, "utf-16-le"),
        (TRADITIONAL, "big5"),
        (TRADITIONAL, "utf-16-be"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "iso2022_jp"),
        (JAPANESE, "utf-16"),
        (KOREAN, "euc_kr"),
        (KOREAN, "utf-16-le"),
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        (FRENCH, "windows-1252"),
        ("Über die Straße, schön: Äpfel", "iso-8859-1"),
        ("O coração não é só das lições, senhor", "iso-8859-1"),
        ("It’s a “test” – fine…", "windows-1252"),
        ("你好，世界", "gbk"),
        ("日本語のテスト", "shift_jis"),
        ("안녕하세요 세계", "euc_kr"),
        ("Привет, мир!", "windows-1251"),
    ],
)
def test_a_certain_encoding_is_read(text: str, encoding: str) -> None:
    """The text comes out as it was written, and again by the codec alone."""
    data = text.encode(encoding)
    found = decode(data)
    assert found.data.decode().lstrip("\ufeff") == text
    assert as_utf8(data, found.codec) == found.data
    assert readable(data) == found.data.decode()


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Zażółć gęślą jaźń, święta łąka", "iso-8859-2"),
        ("Zażółć gęślą jaźń, święta łąka", "windows-1250"),
        ("Příliš žluťoučký kůň úpěl ďábelské ódy", "windows-1250"),
        ("Árvíztűrő tükörfúrógép, őszi eső", "iso-8859-2"),
        ("Să mergem mâine la țară", "iso-8859-16"),
        ("Şişli, ığdır, çağ", "windows-1254"),
        ("Καλημέρα κόσμε, τι κάνεις σήμερα", "windows-1253"),
        ("שלום עולם מה שלומך היום", "windows-1255"),
        ("สวัสดีชาวโลก วันนี้อากาศดี", "cp874"),
        ("مرحبا بالعالم كيف حالك", "windows-1256"),
        ("茗", "gbk"),
    ],
)
def test_an_uncertain_encoding_is_not_guessed(text: str, encoding: str) -> None:
    """A text that may be in several encodings is not read in any of them."""
    with pytest.raises(Undecodable):
        decode((text * 3).encode(encoding))


@pytest.mark.parametrize(
    ("head", "text", "encoding"),
    [
        ('<meta charset="iso-8859-2">', "Zażółć gęślą jaźń", "iso-8859-2"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1253">', "Καλημέρα",
         "windows-1253"),
        ("<meta charset=gb2312>", "茗", "gbk"),
        ("# -*- coding: windows-874 -*-", "สวัสดี", "cp874"),
    ],
)  # fmt: skip
def test_an_encoding_that_the_text_names_is_certain(head: str, text: str, encoding: str) -> None:
    """What letters cannot tell, a declaration near the beginning does."""
    whole = f"{head}\n{text * 3}\n"
    assert decode(whole.encode(encoding)).data.decode() == whole


def test_a_declaration_that_is_wrong_does_not_count() -> None:
    """Bytes that are not valid in the encoding that is named are in another."""
    with pytest.raises(Undecodable):
        decode(b'<meta charset="euc-jp">' + "Zażółć gęślą jaźń".encode("iso-8859-2") * 3)


@pytest.mark.parametrize(
    "data", [b"", b"Tea", "茶 🍵 é".encode(), b"\xef\xbb\xbf---\n", b"Tw\x00o"]
)
def test_utf8_stays(data: bytes) -> None:
    """UTF-8 comes out byte for byte."""
    assert decode(data).data is data


@pytest.mark.parametrize(
    ("data", "text", "lost", "line"),
    [
        ("你好，世界，这是茶".encode()[:-1], "你好，世界，这是", 2, 1),
        ("一\n二\n三四五六七八九十".encode() + b"\xff!", "一\n二\n三四五六七八九十!", 1, 3),
        (b"Hello \xff world", "Hello  world", 1, 1),
    ],
)
def test_stray_bytes_are_left_out(data: bytes, text: str, lost: int, line: int) -> None:
    """A few bytes that are not UTF-8 in a text that is cost those bytes alone."""
    found = decode(data)
    assert (found.data.decode(), found.lost, found.line) == (text, lost, line)
