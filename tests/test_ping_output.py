"""What the programs `ping` print in the languages of offices: who answered, and who says that nobody is there."""

from __future__ import annotations

import pytest

from bcp.printed import printed
from bcp.probe.ping_output import has_tried, times

pytestmark = pytest.mark.core

ASKED = "192.168.1.1"
ANSWERS = """
Reply from 192.168.1.1: bytes=32 time=12ms TTL=64
Odpověď od 192.168.1.1: bajty=32 čas=12ms TTL=64
Odpoveď od 192.168.1.1: bajtov=32 čas=12ms TTL=64
Odpowiedź z 192.168.1.1: bajtów=32 czas=12ms TTL=64
Antwort von 192.168.1.1: Bytes=32 Zeit=12ms TTL=64
Απάντηση από 192.168.1.1: bytes=32 χρόνος=12ms TTL=64
Réponse de 192.168.1.1 : octets=32 temps=12 ms TTL=64
Respuesta desde 192.168.1.1: bytes=32 tiempo=12ms TTL=58
Risposta da 192.168.1.1: byte=32 durata=12ms TTL=64
Válasz 192.168.1.1: bájt=32 idő=12 ms TTL=64
Ответ от 192.168.1.1: число байт=32 время=12мс TTL=64
Відповідь від 192.168.1.1: байтів=32 час=12мс TTL=64
192.168.1.1 からの応答: バイト数 =32 時間 =12ms TTL=64
来自 192.168.1.1 的回复: 字节=32 时间=12ms TTL=64
192.168.1.1 cevabı: bayt=32 süre=12ms TTL=64
Svar från 192.168.1.1: byte=32 tid=12ms TTL=64
64 bytes from 192.168.1.1: icmp_seq=1 ttl=64 time=12.0 ms
64 bytes from router.lan (192.168.1.1): icmp_seq=3 ttl=64 time=12 ms
64 Bytes von 192.168.1.1: icmp_seq=1 ttl=64 Zeit=12,0 ms
64 bytes from 192.168.1.1: seq=0 ttl=57 time=12.000 ms
""".strip().splitlines()
SHORT = """
Reply from 192.168.1.1: bytes=32 time<1ms TTL=64
Odpověď od 192.168.1.1: bajty=32 čas < 1ms TTL=64
Odpowiedź z 192.168.1.1: bajtów=32 czas<1 ms TTL=64
Antwort von 192.168.1.1: Bytes=32 Zeit<1ms TTL=64
Απάντηση από 192.168.1.1: bytes=32 χρόνος<1ms TTL=64
Ответ от 192.168.1.1: число байт=32 время<1мс TTL=64
""".strip().splitlines()
NO_ANSWERS = """
Pinging 192.168.1.1 with 32 bytes of data:
Reply from 192.168.1.5: Destination host unreachable.
Odpověď od 192.168.1.5: Cílový hostitel není dostupný.
Odpowiedź z 192.168.1.5: Host docelowy jest nieosiągalny.
Απάντηση από 192.168.1.5: Ο κεντρικός υπολογιστής προορισμού δεν είναι προσβάσιμος.
Reply from 10.0.0.1: TTL expired in transit.
Odpověď od 10.0.0.1: Překročena hodnota TTL při přenosu.
From 192.168.1.1 icmp_seq=1 Destination Host Unreachable
Request timed out.
Vypršel časový limit žádosti.
General failure.
Ping statistics for 192.168.1.1:
    Packets: Sent = 4, Received = 4, Lost = 0 (0% loss),
    Minimum = 1ms, Maximum = 2ms, Average = 1ms
    Ελάχιστο = 1ms, Μέγιστο = 2ms, Μέσος όρος = 1ms
rtt min/avg/max/mdev = 0.045/0.045/0.045/0.000 ms
3 packets transmitted, 3 received, 0% packet loss, time 2003ms
PING 192.168.1.1 (192.168.1.1) 56(84) bytes of data.
64 bytes from 192.168.1.1: icmp_seq=1 ttl=64 time=0.045 ms (DUP!)
""".strip().splitlines()


@pytest.mark.parametrize("line", ANSWERS)
def test_an_answer_is_counted_in_every_language(line: str):
    assert times(line, ASKED) == [0.012]


@pytest.mark.parametrize("line", SHORT)
def test_an_answer_within_a_millisecond_is_one(line: str):
    assert times(line, ASKED) == [0.001]


@pytest.mark.parametrize("line", NO_ANSWERS)
def test_what_a_router_or_a_statistic_says_is_no_answer(line: str):
    assert times(line, ASKED) == []


@pytest.mark.parametrize("page", ["cp852", "cp737", "cp866", "cp1250"])
def test_an_answer_is_counted_also_where_its_letters_are_read_in_a_wrong_code_page(page: str):
    whole = "\r\n".join(ANSWERS)
    expected = len([line for line in ANSWERS if line.encode(page, "replace")])
    assert len(times(printed(whole.encode(page, "replace")), ASKED)) == expected


def test_by_ipv6_windows_tells_who_answers_and_a_time_and_no_hops():
    text = "Pinging fe80::1%7 with 32 bytes of data:\nReply from fe80::1%7: time=3ms\nReply from fe80::1%7: time<1ms\n"
    assert times(text, "fe80::1%7") == [0.003, 0.001]
    assert times("Reply from fd00::9: Destination host unreachable.", "fe80::1") == []


def test_a_program_that_sent_nothing_tells_nothing_about_the_other_side():
    lost = "Pinging 10.1.1.1 with 32 bytes of data:\nRequest timed out.\n\nPackets: Sent = 1, Lost = 1 (100% loss),\n"
    assert has_tried(lost, "10.1.1.1", is_over=True)
    assert not has_tried("", ASKED, is_over=True) and not has_tried("", ASKED, is_over=False)
    assert not has_tried("Přístup byl odepřen.", ASKED, is_over=True)
    assert not has_tried("ping: fe80::1%eth0: no way", "fe80::1%eth0", is_over=True)
    assert has_tried(lost.splitlines()[0], "10.1.1.1", is_over=False)
