"""The words in which people name a time, in English, Polish, German, Czech and Greek; written without accents.

Greek words end in σ here where one writes ς: that is how letters compare without regard to capitals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import time, timedelta
from typing import TypeVar

T = TypeVar("T")

# A part of the day is over at its end: who promises "in the morning" has broken it at noon.
END_OF_DAY = time(17)
LAST_MINUTE = time(23, 59)


def _table(read: Callable[[str], T], text: str) -> Mapping[str, T]:
    """`key: word word` a line, as word → what is read from its key."""
    rows = (line.split(":") for line in text.strip().splitlines())
    return {word: read(key.strip()) for key, words in rows for word in words.split()}


def _clock(key: str) -> time:
    return time.fromisoformat(key.replace(".", ":"))


def _minutes(key: str) -> timedelta:
    return timedelta(minutes=int(key))


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


DAYS_AHEAD = _table(
    int,
    """
    0: today dzis dzisiaj heute dnes tonight σημερα αποψε
    1: tomorrow jutro jutra morgen zitra zitrek zitrka αυριο
    2: overmorrow pojutrze pojutrza ubermorgen pozitri μεθαυριο
    """,
)
WEEKDAYS = _table(
    int,
    """
    0: monday mon poniedzialek poniedzialku montag pondeli δευτερα δευτερασ
    1: tuesday tue wtorek wtorku dienstag utery uterka τριτη
    2: wednesday wed sroda srode srody mittwoch streda stredu stredy τεταρτη
    3: thursday thu czwartek czwartku donnerstag ctvrtek ctvrtka πεμπτη
    4: friday fri piatek piatku freitag patek patku παρασκευη
    5: saturday sat sobota sobote soboty samstag sonnabend sobotu σαββατο
    6: sunday sun niedziela niedziele niedzieli sonntag nedele nedeli κυριακη
    """,
)
MONTHS = _table(
    int,
    """
    1: january jan stycznia styczen januar leden ledna ιανουαριου ιανουαριο
    2: february feb lutego luty februar unor unora φεβρουαριου φεβρουαριο
    3: march mar marca marzec marz brezen brezna μαρτιου μαρτιο
    4: april apr kwietnia kwiecien duben dubna απριλιου απριλιο
    5: may maja maj mai kveten kvetna μαιου μαιο
    6: june jun czerwca czerwiec juni cerven cervna ιουνιου ιουνιο
    7: july jul lipca lipiec juli cervenec cervence ιουλιου ιουλιο
    8: august aug sierpnia sierpien srpen srpna αυγουστου αυγουστο
    9: september sep wrzesnia wrzesien zari σεπτεμβριου σεπτεμβριο
    10: october oct pazdziernika pazdziernik oktober rijen rijna οκτωβριου οκτωβριο
    11: november nov listopada listopad listopadu νοεμβριου νοεμβριο
    12: december dec grudnia grudzien dezember prosinec prosince δεκεμβριου δεκεμβριο
    """,
)
CLOCK = _table(
    _clock,
    """
    12.00: noon midday poludnie poludniem poludnia mittag mittags poledne polednem μεσημερι
    12.00: morning rano ranem fruh vormittag vormittags morgens dopoledne πρωι
    17.00: afternoon popoludniu nachmittag nachmittags odpoledne απογευμα
    20.00: evening tonight wieczor wieczorem abend abends vecer vecera βραδυ αποψε
    23.59: midnight polnoc polnoca mitternacht pulnoc μεσανυχτα
    """,
)
UNITS = _table(
    _minutes,
    """
    1: minute minutes min minuta minute minuty minut minuten minutes minutach λεπτο λεπτα
    60: hour hours h godzina godzine godziny godzin stunde stunden hodina hodinu hodiny hodin ωρα ωρεσ ωρων
    1440: day days dzien dni tag tage tagen den dny dnu dnech ημερα ημερεσ μερα μερεσ
    10080: week weeks tydzien tygodnie tygodni woche wochen tyden tydny tydnu εβδομαδα εβδομαδεσ
    """,
)
NUMBERS = _table(
    int,
    """
    1: one a an jeden jedna jedna jedne ein eine einer einem jednu ενα μια μια
    2: two dwa dwie dwoch zwei dva dve dvou δυο δυο
    3: three trzy trzech drei tri τρια τρεισ
    4: four cztery vier ctyri τεσσερα τεσσερισ
    5: five piec funf pet πεντε
    """,
)
MORNING_TOO = _set("morgen")
"""Tomorrow, and behind a day of the week its morning."""
HALF = _set("half pol halben halbe pul μιση")
NEXT = _set(
    "next przyszly przyszla przyszlym przyszlego nachsten nachste nachster pristi pristiho επομενη επομενησ"
)
AHEAD = _set("in within za ciagu innerhalb binnen behem nejpozdeji σε εντοσ μεσα")
WEEK = _set("week tygodnia tygodniu tydzien woche tydne tydnu tyden εβδομαδα εβδομαδασ")
END = _set("end koniec konca koncu ende konec konce koncem eod τελοσ")
OF_DAY = _set("day dnia tages dne ημερασ")
FILLING = _set(
    "the at by on until till before of latest this "
    "o do w we na godz godzinie godziny najpozniej przed u "
    "um bis am zum der den dem des uhr spatestens gegen vor im diesen diese dieser "
    "v ve k pred hodin hodine tento toto "
    "το τη την τον τησ του στισ στη στην στο ωσ εωσ μεχρι πριν απο ωρα και"
)
