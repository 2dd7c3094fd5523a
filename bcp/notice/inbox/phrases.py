"""The words by which bounces, automatic answers and requests are known, in the five languages and a few beside.

All are compared in plain letters: small, without accents (`plain`), since old programs write them so.
"""

from __future__ import annotations

import re
from functools import cache

from bcp.bald import bald


def plain(text: str) -> str:
    """Small letters without accents, blanks of one width."""
    return " ".join(bald(text).replace("’", "'").split())


def _any(words: str) -> str:
    """The alternatives of a text with one a line, or several a line with bars between."""
    return "|".join(each.strip() for row in words.strip().splitlines() for each in row.split(" | "))


AUTOMATIC_SUBJECTS = _any(r"""
    automatic reply | automatic response | automated (reply|response|message) | \[?auto[- ]?reply
    auto[- ]?response | auto[- ]?responder | out of (the )?office
    \[?auto\]?: .{0,80}(out of|away|abwesen|nicht im|ausser haus|nieobecn|nepritom|mimo kancelar|απουσ|εκτοσ γραφ)
    automat\w* (acknowledge?ment|receipt|empfangsbestatigung|eingangsbestatigung) | odp\. automatyczna
    automatyczne potwierdzenie | automaticke potvrzeni | αυτοματη επιβεβαιωση
    vacation (reply|response|notice) | automatische (antwort|ruckantwort|nachricht|abwesenheits\w+)
    abwesenheits(notiz|nachricht|meldung|agent|assistent) | abwesenheit: | ausser haus
    nicht im (buro|hause): | odpowiedz automatyczna | automatyczna odpowiedz | autoodpowiedz | autoresponder
    poza biurem | wiadomosc automatyczna | nieobecnosc: | nieobecny: | powiadomienie o nieobecnosci
    informacja o nieobecnosci | automaticka (odpoved|zprava) | mimo kancelar | nepritomnost:
    oznameni o nepritomnosti | αυτοματη (απαντηση|αποκριση) | αυτοματο μηνυμα | εκτοσ γραφειου
    απαντηση εκτοσ γραφειου | απουσια: | reponse automatique | risposta automatica | respuesta automatica
    automatisch antwoord | automaattinen vastaus | auto re:
    ooo ?(:|-|until|till|from|re:) | abwesend: | auto-?antwort
    auto-?odpowiedz | automaticky generovan\w+ | μηνυμα απουσιασ | automatisch generiert\w*
    wiadomosc wygenerowana automatycznie
""")
AWAY = _any(r"""
    (i am|i'm) (currently )?(away|out of (the )?office) | away from my desk | away from (the |my )?office
    ich bin nicht im buro | jestem poza biurem | nieobecnosc w (biurze|pracy) | jsem mimo kancelar
    nejsem v kancelari | nepritomnost v kancelari | απουσια απο το γραφειο
""")
"""Subjects of programs, which a person may write as well."""
ABSENT = _any(r"""
    out of office | ooo | vacation | on vacation | on leave | abwesenheit | abwesend | im urlaub | urlaub
    nieobecnosc
    nieobecny | nieobecna | na urlopie | urlop | nepritomnost | nepritomen | dovolena | απουσια | σε αδεια
""")
"""Subjects that say so only where they say nothing else."""

LEFT = _any(r"""
    (do|does|am|is) (not|no longer) (work|working|employed)\b.{0,40}\b(here|any ?more|any longer|for|at|with)
    no longer (work|works|working|employed|with|at|part of|available at this|monitored|in use|valid)
    don't work here | (has|have) left (the )?(company|firm|office|organi[sz]ation|us\b|our)
    (has|have) (changed|moved)\b.{0,30}\b(address|e-?mail) | (address|e-?mail)\b.{0,20}\bha(s|ve) changed
    (has|have|we) moved to\b | new (e-?mail )?address | address has changed
    (e-?mail|mailbox|address) (is|will be) (no longer|closed|discontinued)
    update your (address|contacts|records) | my last (working )?day | nie pracuj\w+ juz
    nie pracuj\w+ (tu|dla|u (was|nas|nich)) | nie pracuj\w+ w (tej |naszej )?(firm|spol)\w+
    juz nie pracuj\w+ | nie jest\w* juz pracowni\w+ | zakonczyl\w* prac\w+ | nowy adres | nowym adresem
    nowego adresu | zmian\w+ adres\w+ | adres (e-?mail )?(zostal zmieniony|nie jest juz)
    jiz (zde |u nas |v \w+ )?nepracuj\w+ | uz (zde |tu |tady |u nas )?nepracuj\w+ | nepracuj\w+ (jiz|uz)
    nov(y|ou|a|e) (e-?mail\w* )?adres\w* | zmen\w+ (e-?mail\w* )?adres\w* | novy e-?mail
    ukoncil\w* (pracovni|spolupr\w+)
    nicht mehr (bei|fur|im|in der|hier|unter|tatig|beschaftigt|erreichbar|verfugbar|gultig|im unternehmen)
    arbeite\w* nicht mehr | (neue|geanderte)\w* (e-?mail-?)?(adresse|anschrift|mailadresse) | ausgeschieden
    unternehmen verlassen | δεν εργαζ\w+ πλεον | δεν εργαζ\w+ πια | πλεον δεν εργαζ\w+ | εχει αποχωρησει
    εχω αποχωρησει | αποχωρησ\w+ απο | νεα (ηλεκτρονικη )?διευθυνση | νεο (e-?mail|email)
    νεα μου διευθυνση | εχει αλλαξει | adres\w* (jest|zostal)\w* (juz )?(nieaktywn|wylaczon|zlikwidowan)\w+
    adresa (jiz|uz) (neni|nebude) | (adresse|postfach)\b.{0,20}\bnicht mehr
    νεο (μου )?(e-?mail|ηλεκτρονικο) | αλλαξ\w+ .{0,20}διευθυνση
    διευθυνση .{0,20}(δεν .{0,20}(πλεον|πια)|εχει αλλαξει)
    (have|has|am|is) retired | (mailbox|address|account) is (not|un) ?monitored | (have )?changed (our|my|the) domain
    (nie|nejsem|neni) (jest\w* |juz |jiz |uz )*(zatrudnion\w+|zamestnan\w+)
    nie jest (juz )?(obslugiwan|czytan|uzywan)\w+
    na emerytur\w+ | zmienil\w* (adres|e-?mail|domen\w+) | zmenil\w* (jsem |jsme )?(adresu|e-?mail|domenu)
    se (jiz|uz) nepouziva | (jiz|uz) .{0,40}nepracuj\w+ | do duchodu | (adresa|schranka|e-?mail) (byl\w*|je) zrusen\w*
    (im|in den) ruhestand | in rente | (firma|unternehmen|betrieb) (habe ich )?verlassen
    (adresse|postfach|konto)\b.{0,20}\b(stillgelegt|deaktiviert|aufgelost|geschlossen)
    συνταξιοδοτ\w+ | εχει φυγει απο | αλλαξα .{0,20}(διευθυνση|e-?mail) | δεν χρησιμοποιειται (πλεον|πια)
""")
CHALLENGE = _any(r"""
    spam ?arrest | boxbe | tmda | challenge[- ]response | sender (verification|confirmation)
    (confirm|verify|prove) (that )?(you are|you're|your (message|e-?mail|address|identity)|yourself|the sender)
    (message|e-?mail|letter) (is being|was|has been|will be) (held|quarantined|delivered (only )?(once|after))
    awaiting (your )?(confirmation|authori[sz]ation|verification|approval) | approved senders? list
    click\b.{0,60}\bto (confirm|deliver|release|verify)
    (potwierdz|prosze potwierdzic|zweryfikuj)\b.{0,40}\b(nadawc\w+|wiadomosc\w*|adres\w*|ze jestes)
    (potvrdte|overte)\b.{0,40}\b(odesilatel\w*|zprav\w+|adres\w*|ze jste)
    (bestatigen|verifizieren) sie\b.{0,60}\b(absender\w*|nachricht|e-?mail\w*|adresse|dass)
    (επιβεβαιωστε|επαληθευστε)\b.{0,60}
""")
BOUNCE_SUBJECTS = _any(r"""
    undeliver\w+ | delivery (status )?notification | delivery (has )?failed | delivery failure
    failure notice | returned mail
    mail (delivery|system) (failed|failure|error|status|subsystem) | message not delivered | non-?delivery
    could not be delivered
    returned to sender | mail delivery | delivery incomplete | delivery problem | not delivered
    bounced mail | undelivered
    warning: (message|could not send) | delayed mail | delivery (is )?delayed | message delayed
    unzustellbar | nicht zugestellt | zustellung (fehlgeschlagen|verzogert) | ubermittlung\w* fehlgeschlagen
    zustellungsfehler
    niedostarczon\w+ | nie (zostala |mozna )?dostarczon\w+ | nie mozna dostarczyc | blad dostarczenia
    zwrot wiadomosci | niedoreczon\w+
    nedorucitel\w+ | nedoruce\w+ | nepodarilo se dorucit | zpravu nelze dorucit | nelze dorucit
    vracena zprava
    μη παραδοτε\w+ | δεν παραδοθηκε | αποτυχια παραδοσησ | αδυνατη η παραδοση | αδυναμια παραδοσησ
    δεν ηταν δυνατη η παραδοση
    hi\. this is the (qmail-send|deliver) program
""")
STILL_TRYING = _any(r"""
    this is a warning message only | you do not need to resend | no action is required on your part
    not yet been delivered | delivery attempts will continue | noch nicht (zugestellt|ubermittelt|ausgeliefert)
    jeszcze (nie )?(zostala )?d(ostarczon|oreczon)\w+ | nie zostala jeszcze | ponawia\w+ (prob|dostarcz)\w*
    (dosud|zatim|jeste) (se )?ne(doruc|podar|byl)\w* | pokusy budou pokracovat
    δεν (εχει )?παραδο\w+ ακομ[ηα] | συνεχι(ζ|σ)\w+ .{0,20}προσπαθ\w+
""")
"""What no server says that gave up, whatever else it says."""
LATE = _any(r"""
    delayed | warning: message | has not (yet )?been delivered | not yet been delivered
    will (continue to )?(be )?(retr\w+|try again|keep trying)
    this is a warning message only | you do not need to resend | still trying | opozni\w+ | zpozd\w+
    verzogert | καθυστερ\w+
""")
GAVE_UP = _any(r"""
    given up | giving up | permanent\w* (error|fail\w+) | undeliver\w+ | could not be delivered
    failed permanently | has expired
    retry timeout exceeded | too old | failed
""")
NO_SUCH_MAILBOX = _any(r"""
    no mailbox here by that name | user unknown | unknown user
    no such (user|mailbox|recipient|address|person) | unknown (recipient|mailbox|address)
    user (does not|doesn't) exist
    (address|mailbox|recipient|account) (does not|doesn't|couldn't be|could not be|wasn't|was not) (exist|found)
    recipient ?not ?found | invalid (recipient|mailbox|user) | mailbox (unavailable|not found)
    address rejected | unrouteable address | no longer valid
    account (that you tried to reach )?(does not exist|is disabled|has been disabled) | not a known user
    disabled or discontinued
""")
FULL = _any(r"""
    mailbox (is )?full | over ?quota | quota exceeded | exceeded (the )?(storage|quota)
    insufficient (system )?storage
""")

ASKED_ALONE = _any(r"""
    unsubscribe me | please unsubscribe( me)? | remove me | please remove me | opt[- ]?out | stop | remove
    take me off( your list)? | no more e-?mails
    (please )?take me off (your |the )?(mailing )?list
    wypisz( mnie)? | wypisac | wypis | rezygnuje | rezygnacja
    prosze (mnie )?(wypisac|usunac|o wypisanie|o usuniecie)( mnie)?( mojego adresu)?( z (tej )?listy( \w+)?)?
    nie chce (juz )?(wiecej )?(takich )?(maili|wiadomosci|powiadomien)
    usun( mnie)? | anuluj subskrypcje
    odhlasit( odber| se)? | odhlaste( mne| me)? | prosim (o )?odhlas(it|eni) | odhlaseni
    (jiz|uz) mi (uz )?nic neposilejte | zrusit odber | neposilat
    nezasilat | vymazat
    abmelden | abmeldung | bitte abmelden | abbestellen | austragen | bitte austragen | kundigen
    (bitte )?keine (weiteren )?(e-?mails|nachrichten)( mehr)? | (bitte )?aus dem verteiler (nehmen|loschen|entfernen)
    διαγραφη | διαγραψτε με | απεγγραφη | καταργηση εγγραφησ | διακοπη | παρακαλω διαγραψτε με
    (παρακαλω )?διαγραψτε με απο τη(ν)? λιστα( σασ)?
""")
REPLY_MARKS = r"(?:(?:re|aw|odp|sv|antw|απ|fwd?|wg|pd)\s*(?:\[\d+\])?\s*:\s*)"
QUOTED_FROM = _any(r"""
    >.* | -{2,}.* | _{5,}.* | on .{4,200} wrote:.* | am .{4,200} schrieb.*
    w dniu .{4,200} (napisal|pisze).* | dne .{4,200} napsal.*
    .{0,200}(wrote|schrieb|napisal|napsal|εγραψε)\b.*: | στισ .{4,200} | (from|od|von|απο): .*
    (sent from|sent with|wyslane z|wyslano z|gesendet von|von meinem|odeslano z|poslano z|σταλθηκε απο|get outlook).*
    this message was automatically generated by .*
""")


@cache
def _compiled(words: str, how: str) -> re.Pattern[str]:
    return re.compile(how.format(words))


def begins(words: str, text: str) -> bool:
    """Whether a text begins with one of these words, behind a mark in brackets perhaps."""
    return _compiled(words, r"(?:\[[^\]]{{0,40}}\]\s*)?(?:{0})").match(plain(text)) is not None


def is_alone(words: str, text: str) -> bool:
    """Whether a text is one of these words and nothing else but signs."""
    return _compiled(words, r"\W*(?:{0})\W*").fullmatch(plain(text)) is not None


def holds(words: str, text: str) -> str:
    """The sentence, as it was written, that holds one of these words; nothing where none does."""
    for sentence in re.split(r"(?<=[.!?;])\s+|\n\s*\n", text):
        if _compiled(words, r"(?<!\w)(?:{0})").search(plain(sentence)):
            return " ".join(sentence.split())
    return ""
