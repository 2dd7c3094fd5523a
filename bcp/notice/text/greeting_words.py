"""What people write into the column `salutation`, language by language, and what is said for it.

One `Usage` is one language, and each of its rows is one rule that a speaker of the language can read:

- `openings`: how a letter begins, and with whom that fits: m, f, p (several), * anybody, none (it names both),
  short (an abbreviation); `hour` is true for some hours of the day only, so `hello` is written in its stead.
- `forms`: how somebody is addressed: m, f, p (several), ? (may be either), x (Mx); behind it how it is printed.
- `bare`: the greeting that is right with no name.
- `titles`: in English the word; in German * where it is used as written and not taken from the name; in Polish and
  Czech how it is said to a man and to a woman; nothing where the language leaves it out.

Sources
  en  Debrett's, Forms of Address: title and surname, one title only; letters after a name are not part of a greeting.
  de  Bundesministerium des Innern, Ratgeber für Anschriften und Anreden (protokoll-inland.de); DIN 5008: title and
      surname; "von" and "Graf" are part of the surname (Art. 109 Weimar constitution, still law).
  pl  Poradnia językowa PWN (sjp.pwn.pl/poradnia): "Szanowna Pani", "Szanowny Panie" need no name; a surname alone is
      impolite; titles from doctor upwards and of an office stand in the vocative.
  cs  Internetová jazyková příručka ÚJČ (prirucka.ujc.cas.cz, "Oslovení"): the fifth case and nothing else; surnames in
      -ová, -á, -ý, -í, -ů are the same in it.
  el  Triantafyllidis, Modern Greek grammar (greek-language.gr): names in -ης and -ας lose their ς, -όπουλος becomes
      -όπουλε; women's surnames, and those in -ου, are the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bcp.bald import bald as without_accents


@lru_cache(maxsize=8192)
def plain(word: str) -> str:
    """A word as it is compared: small letters, no full stop or comma at its end, a final ς as any σ."""
    return unicodedata.normalize("NFC", word).strip(".,;:!·").replace("’", "'").casefold()


@lru_cache(maxsize=8192)
def bald(word: str) -> str:
    """The same without accents, for who typed without them."""
    return without_accents(plain(word))


def _keys(text: str) -> frozenset[str]:
    """`Herr | Herrn` as they are compared."""
    return frozenset(" ".join(plain(word) for word in key.split()) for key in text.split("|") if key.strip())


def _rows(text: str) -> dict[str, str]:
    """`Dear | Hello = *`, a row a line, as a mapping; keys as they are compared."""
    pairs = (row.split("=", 1) for row in text.split("\n") if "=" in row)
    return {key: value.strip() for keys, value in pairs for key in _keys(keys)}


@dataclass(frozen=True)
class Usage:
    """How one language greets; the module says what each field holds."""

    code: str
    hello: str
    openings: Mapping[str, str]
    forms: Mapping[str, str]
    bare: Mapping[str, str]
    titles: Mapping[str, str]
    at_firm: str
    nominative: frozenset[str] = frozenset()
    """Forms that stand in a list and in no greeting."""
    own_line: bool = False
    """Whether a name that nobody put into the vocative stands on a line of its own above the hello."""

    @cached_property
    def bald(self) -> Mapping[str, str]:
        """Openings and forms without accents, and what they are with them."""
        return {bald(key): key for key in (*self.openings, *self.forms)}


_EN = Usage(
    code="en",
    hello="Hello",
    openings=_rows("""
        Dear | My dear | Hello | Hi | Hey | Greetings | Good day = *
        Good morning | Good afternoon | Good evening = hour
    """),
    forms=_rows("""
        Mr | Mister = m Mr
        Sir = m Sir
        Mrs | Missus = f Mrs
        Ms = f Ms
        Miss = f Miss
        Madam | Ma'am = f Madam
        Mx = x Mx
        Mr and Mrs | Mr & Mrs | Mr + Mrs = p Mr and Mrs
        Mrs and Mr | Ms and Mr | Mr and Ms | Mr & Ms = p Ms and Mr
        Messrs = p Messrs
        Family = p Family
        Sir or Madam | Madam or Sir | Sir/Madam | Sirs | Ladies and Gentlemen | Colleagues | All | Team = p
    """),
    bare={"m": "", "f": "", "p": "", "x": ""},
    titles=_rows("""
        Dr | Doctor = Dr
        Prof | Professor = Prof
        Rev | Reverend = Rev
        Capt | Captain = Captain
        Col | Colonel = Colonel
        Hon | PhD | MD | Dame | Lady | Lord =
    """),
    at_firm="Dear all at {name}",
)
_DE = Usage(
    code="de",
    hello="Guten Tag",
    openings=_rows("""
        Sehr geehrter | Geehrter | Sehr verehrter | Lieber | Werter | Verehrter = m
        Sehr geehrte | Geehrte | Sehr verehrte | Liebe | Werte | Verehrte = fp
        Sg | S.g | Sehr geehrt = short
        Sehr geehrte(r) | Sehr geehrte/r | Sehr geehrte:r | Sehr geehrte*r | Liebe(r) | Liebe/r = none
        Guten Tag | Hallo | Grüß Gott | Grüezi | Servus | Moin = *
        Guten Morgen | Guten Abend = hour
    """),
    forms=_rows("""
        Herr | Herrn | Hr | Hrn = m Herr
        Frau | Fr | Fräulein | Frl = f Frau
        Herr und Frau | Frau und Herr | Herrn und Frau | Frau und Herrn | Herr u. Frau | Herr & Frau | Eheleute = p Paar
        Familie | Fam = p Familie
        Damen und Herren = p
        Kollegen | Kolleginnen und Kollegen | Team | alle = p
    """),
    bare={"m": "", "f": "", "p": ""},
    titles=_rows("""
        Dr | Doktor | Doktorin = Dr.
        Prof | Professor | Professorin = Prof.
        Mag | Magister = Mag.
        Dipl.-Ing | Dipl | Dipl.-Kfm | Dipl.-Kffr | Dipl.-Inform | Dipl.-Wirt.-Ing | Ing | DI | PD = *
        med | jur | phil | rer | nat | pol | h.c | e.h | habil | Dr.-Ing | Bürgermeister | Bürgermeisterin = *
        Rechtsanwalt | Rechtsanwältin | RA | RAin | Notar | Notarin | Direktor | Direktorin | Pfarrer | StB = *
    """),
    at_firm="Guten Tag an alle bei {name}",
)
_PL = Usage(
    code="pl",
    hello="Dzień dobry",
    openings=_rows("""
        Szanowna | Droga | Miła | Wielce Szanowna = f
        Szanowny | Drogi | Miły | Wielce Szanowny = m
        Szanowni | Drodzy = p
        Szanowne = pm
        Szanowny/a | Szanowny(a) | Szanowna/y | Szanowny/Szanowna | Sz. P | Sz.P = none
        Sz | Szan = short
        Dzień dobry | Witam | Witaj | Cześć | Hej = *
        Dobry wieczór = hour
    """),
    forms=_rows("""
        Pan | Panie = m
        Pani = f
        Pana | Panu | Panem = m
        Panią = f
        Panowie = p Panowie
        Państwo | Pan i Pani | Pani i Pan | Państwa | Państwu | Rodzina | Rodzino = p
        Pani/Pan | Pan/Pani | Pan(i) | Pani/Panie | Panie/Pani | P = ?
    """),
    bare={"m": "Szanowny Panie", "f": "Szanowna Pani", "p": "Szanowni Państwo"},
    titles=_rows("""
        dr | doktor = Doktorze Doktor
        prof | profesor = Profesorze Profesor
        mec | mecenas | adw | adwokat | r.pr | radca = Mecenasie Mecenas
        inż | inżynier = Inżynierze Inżynier
        dyr | dyrektor = Dyrektorze Dyrektor
        prezes = Prezesie Prezes
        kierownik = Kierowniku Kierownik
        redaktor = Redaktorze Redaktor
        mgr | magister | lic | hab | lek | med | n.med | dent | arch | ks | dypl | płk | gen =
    """),
    at_firm="{name}\n\nDzień dobry",
    nominative=_keys(
        "pan | pana | panu | panem | panią | państwa | państwu | rodzina | rodzino | pan i pani | pani i pan"
    ),
    own_line=True,
)
_CS = Usage(
    code="cs",
    hello="Dobrý den",
    openings=_rows("""
        Vážený | Milý | Drahý = m
        Vážená | Milá | Drahá = f
        Vážení | Milí = p
        Vážený/á | Vážený(á) | Vážená/ý | Vážený/Vážená = none
        Dobrý den | Zdravím | Ahoj = *
        Dobré ráno | Dobré dopoledne | Dobré odpoledne | Dobrý večer = hour
    """),
    forms=_rows("""
        pan | pane = m
        pana | panu | panem = m
        paní | pí = f
        slečno | slečna | sl | slečnu = f slečno
        pan a paní | paní a pan | manželé | manželům | dámy a pánové | rodina | rodino = p
        pánové = p pánové
        p | pan/paní | pan/í | paní/pan = ?
    """),
    bare={"m": "Vážený pane", "f": "Vážená paní", "p": "Vážená paní, vážený pane"},
    titles=_rows("""
        Dr | MUDr | JUDr | PhDr | RNDr | PaedDr | ThDr | MVDr | MDDr | PharmDr | doktor | doktorka = doktore doktorko
        prof | profesor | profesorka = profesore profesorko
        doc | docent | docentka = docente docentko
        Ing | inženýr | inženýrka = inženýre inženýrko
        Mgr | MgA | magistr | magistra = magistře magistro
        ředitel | ředitelka = řediteli ředitelko
        starosta | starostka = starosto starostko
        Bc | BcA | arch | akad | mal | dipl | DiS =
    """),
    at_firm="{name}\n\nDobrý den",
    nominative=_keys(
        "pan | pana | panu | panem | pí | slečna | sl | slečnu | manželům | rodina | rodino | pan a paní | paní a pan"
    ),
    own_line=True,
)
_EL = Usage(
    code="el",
    hello="Χαίρετε",
    openings=_rows("""
        Αγαπητέ | Αξιότιμε | Αξιότιμος | Αγαπητός = m
        Αγαπητή | Αξιότιμη = f
        Αγαπητοί | Αξιότιμοι | Αγαπητές = p
        Αγαπητέ/ή | Αγαπητέ(ή) | Αγαπητέ/Αγαπητή | Αξιότιμε/η = none
        Χαίρετε | Γεια σας | Γεια σου | Γειά σας = *
        Καλημέρα σας | Καλημέρα | Καλησπέρα σας | Καλησπέρα | Καλό μεσημέρι = hour
    """),
    forms=_rows("""
        κύριος | κος | κύριο | κυρίου | κον = m
        κύριε | κε = m
        κυρία | κα | κας | κυρίας | κυρίαν = f
        δεσποινίδα | δεσποινίς | δις | δίδα = f δεσποινίδα
        κύριος και κυρία | κυρία και κύριος | κύριε και κυρία | κ.κ | κκ | ζεύγος | οικογένεια = p
        κύριοι = p κύριοι
        κ | κ/κα | κος/κα | κύριος/κυρία | κύριε/κυρία = ?
    """),
    bare={"m": "Αγαπητέ κύριε", "f": "Αγαπητή κυρία", "p": "Αγαπητή κυρία, αγαπητέ κύριε"},
    titles=_rows("""
        Δρ | Δόκτωρ | Καθ | καθηγητής | καθηγητά | καθηγήτρια | γιατρός | γιατρέ | ιατρός | δικηγόρος | δικηγόρε =
        μηχανικός | Μηχ | Αρχ | Dr =
    """),
    at_firm="{name}\n\nΧαίρετε",
    nominative=_keys(
        "κύριος | κος | κύριο | κυρίου | κον | κα | κας | κυρίας | κυρίαν | δις | δίδα | κε | κ.κ | κκ | ζεύγος"
        " | κύριος και κυρία | κυρία και κύριος | κύριε και κυρία | οικογένεια"
    ),
    own_line=True,
)

USAGES: Mapping[str, Usage] = {usage.code: usage for usage in (_EN, _DE, _PL, _CS, _EL)}

_LEGAL = (
    r"gmbh|ag|kg|ohg|gbr|e\.?\s?k|e\.?\s?v|ug|mbh|sp\.?\s*(z|k|j)(\W*o\W*o)?|s\.?\s?a|s\.?\s?c|s\.?\s?r\.?\s?o"
    r"|a\.\s?s|v\.\s?o\.\s?s|spol|z\.\s?s|ltd|limited|llc|llp|plc|inc|corp|co|ο\.?ε|α\.?ε|ε\.?π\.?ε|ι\.?κ\.?ε"
)
_DESKS = (
    "company|firma|firmie|fa|gesellschaft|kanzlei|praxis|verein|stiftung|söhne|partners|partnerzy|shop|office|team"
    "|büro|sekretariat|sekretariát|buchhaltung|einkauf|vertrieb|zentrale|geschäftsleitung|verwaltung|empfang"
    "|biuro|księgowość|kancelaria|spółka|przedsiębiorstwo|fundacja|stowarzyszenie|dział|zarząd|recepcja|wspólnicy"
    "|sklep|urząd|szkoła|kancelář|společnost|účetní|účtárna|podatelna|úřad|škola|obchod|synové|nadace|oddělení"
    "|εταιρεία|εταιρία|γραφείο|λογιστήριο|γραμματεία|τμήμα|κατάστημα|υιοί|αφοί|accounting|accounts|reception"
    "|department|dept|sales|info|support|service|helpdesk|group|bros|sons|associates|solutions|studio"
    "|agency|agentur|agencja|agentura|management|kundendienst|marketing|praktyka|przychodnia|hotel|restaurant|geschäftsführung"
    "|svj|družstvo|wspólnota|spółdzielnia|hausverwaltung|eigentümergemeinschaft|parafia|gmina|gemeinde"
)
COMPANY = re.compile(rf"(?i)(?<!\w)({_DESKS})(?!\w)|(?<=\s)({_LEGAL})\.?\W*$|^the\s")
"""A firm, a department or a desk, and no person."""

SUFFIXES = _keys(
    "Jr | Sr | Junior | Senior | II | III | IV | PhD | Ph.D | MBA | EMBA | CSc | DrSc | DiS | LL.M | LLM | Th.D"
    " | MSc | M.Sc | BSc | B.Sc | Esq | CPA | CFA | ACCA | FCCA | OBE | MBE | CBE | KC | QC | DDS | DVM | DPhil"
    " | M.A | B.A | M.D | M.Eng | B.Eng | DBA | ml | jun | sen | MPH | st"
)
"""What stands behind a name and is no part of it."""
CAPITAL_SUFFIXES = frozenset(["MA", "BA", "MD", "PE", "RN", "JD", "MS", "BS", "DI", "MP"])
"""The same, where it is written so and not otherwise: Ma and Di are names."""

PARTICLES = _keys(
    "von | vom | zu | zum | zur | van | de | der | den | ter | ten | te | del | della | dalla | di | da | dos | du | la"
    " | le | al | el | af | av | d' | 't | St | Saint | bin | ibn | z | ze | und | op | des | do"
)
"""What a surname begins with."""
NOBLE = _keys(
    "Graf | Gräfin | Freiherr | Freifrau | Freiin | Baron | Baronin | Prinz | Prinzessin | Fürst | Fürstin | Ritter"
    " | Edler"
)
"""Former titles, which are part of a German surname."""

AND = frozenset({"&", "+", "und", "u.", "and", "i", "oraz", "a", "και", "κι", "/", "et", "y"})
"""What stands between two people in one cell."""

ALL_TITLES = frozenset(title for usage in USAGES.values() for title in usage.titles)
"""A title of any of our languages."""
