"""Whether somebody wishes not to be written to, as spreadsheets say it; and headers that say it the other way round.

An empty cell of such a column means: may be written to. So a cell that cannot be read is never taken for an empty one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from bcp.bald import bald
from bcp.contact.cell import bare
from bcp.yes_no import read_yes_no

Sense = Literal["opted_out", "consent"]
"""What a yes in a column means: nothing is to be sent, or that something may be."""

# Stems without accents, as they stand in headers, in cells and in names of groups.
_LEAVES = re.compile(
    r"opt(?:ed)?[ -]?out|unsub|do[ -]?not (?:contact|e-?mail|mail|send|write)|dont |don't "
    r"|(?<!\w)no (?:e-?mail|mail|newsletter|contact)|suppress|consent withdrawn|withdr[ae]w"
    r"|wypisa|rezygn|sprzeciw|(?<!\w)nie (?:wys|kont|pis|chce|mail)|brak zgod|(?<!\w)bez (?:zgod|newslet)|cofni|wycof"
    r"|odhlas|nesouhlas|bez souhlas|nepos[il]|nezas[il]|nekontakt|nepsat|odvol|namitk"
    r"|abgemeld|abmeld|abbestell|widerruf|widerspr|ausgetragen"
    r"|(?<!\w)kein\w* (?:newslet|e-?mail|mail|kontakt|werbung|einwill|zustimm)"
    r"|(?<!\w)nicht (?:kontakt|anschreib|anmail|mail|schreib|einver)"
    r"|διαγραφ|διαγραμ|διεγραφ|απεγγραφ|(?<!\w)μη[ν]? (?:αποστ|στελ|επικοιν|ενημ)|ανακλη|χωρισ συγκατ|αρνηθ|αρνησ"
)
_GROUP = re.compile(rf"(?:{_LEAVES.pattern})\w*")
_NOT_LEAVING = re.compile(rf"(?:not|never|nie|nicht|ne|δεν)[ ]?(?={_LEAVES.pattern})")
_AGREES = re.compile(
    r"consent|zgod|souhlas|einwillig|zustimm|συγκαταθ|συναιν|opt(?:ed)?[ -]?in\b|permission|may we (?:contact|write)"
)
_MAY_AGREE = re.compile(
    r"zgadza|einverstanden|akcept|povol|δεχετ|αποδοχ|agree|accept|ok to |may be (?:contact|mail|e-?mail)"
    r"|newslet|mailing|marketing|subscri|zapisan|gdpr|rodo|dsgvo|abonn|odber\b|prihlas|angemeld|allow|εγγεγραμ|ενημερωτικ"
)
_ASKS = re.compile(
    r"(?<!not )(?<!never )(?<!nie )(?<!nicht )(?<!δεν )(?<!\w)(?:unsubscrib|opted[ -]?out|opt[ -]out\b"
    r"|do[ -]?n['o]?t[ -](?:contact|e-?mail|mail|send|write)|no (?:more )?(?:e-?mails?|mailings?|newsletters?)\b"
    r"|remove from (?:the )?(?:list|mailing)"
    r"|wypisan|wypisal|zrezygnowal|rezygnuje|rezygnacja|nie zyczy"
    r"|nie (?:pisac|kontaktowac|wysylac|mailowac)(?! (?:faktur|rachunk|poczt|papier|sms))"
    r"|(?:usunac|wykreslic) z (?:listy|bazy)|cofn\w+ zgod|sprzeciw"
    r"|odhlasen|odhlasil|nekontaktovat|nepsat|neposilat|nezasilat|nepreje si"
    r"|abgemeldet|abbestellt|nicht (?:mehr )?(?:kontaktieren|anschreiben|anmailen)"
    r"|keine (?:e-?mails?|werbung|newsletter)|widerrufen|widersprochen"
    r"|διεγραφ|διαγραφηκε|απεγγραφ|μην? (?:στελν|στειλ|αποστελ|επικοινων)|δεν επιθυμει)"
)
_BARRED = re.compile(
    r"black ?list|blocked\b|block ?list|czarna lista|zablokowan|sperr|cerna listina|blokovan|μαυρη λιστα|αποκλεισ"
    r"|spam complaint|complained"
)
_STATUS = re.compile(r"(?:un|re)?subscribed|cleaned|pending|non-subscribed|opted[ -](?:in|out)")
_DATE = re.compile(
    r"(?:(?:19|20)\d\d([./-]) ?\d{1,2}\1 ?\d{1,2}|\d{1,2}([./-]) ?\d{1,2}\2 ?(?:(?:19|20)\d\d|\d\d)\.?)"
    r"(?:[t ,]+\d{1,2}:\d\d.{0,24}| ?r\.?)?"
)


def _plain(text: str) -> str:
    """Without capitals, accents and what nobody sees; blanks for underscores."""
    return re.sub(r"[\s_]+", " ", bald(bare(text).strip()))


def opted_out(text: str) -> bool:
    """What a cell of the column `opted_out` says; a word such as `wypisany` and a day say yes, an empty cell no.

    Raises ValueError for what may be anything: whoever reads it takes it for a yes, and says so.
    """
    said = _plain(text)
    if not said:
        return False
    read = read_yes_no(said, ticks=True)
    if read is None and (_NOT_LEAVING.match(said) or not (_LEAVES.search(said) or _DATE.fullmatch(said))):
        raise ValueError(f'expected yes or no, not "{text.strip()[:20]}"')
    return read is not False


def leaves(text: str) -> bool:
    """Whether the name of a group, or a status, says that somebody wishes no letters."""
    return bool(_GROUP.fullmatch(_plain(text)))


def asks(text: str) -> bool:
    """Whether a text that is about something else, a remark or a name, surely asks for no letters: `nie pisać!`."""
    return bool(_ASKS.search(_plain(text)))


def agreed(text: str) -> bool | None:
    """What a cell of a column of consents says: yes, no, or nothing that can be read. An empty one is None."""
    said = _plain(text)
    read = read_yes_no(said, ticks=True)
    if read is not None or not said:
        return read
    if _NOT_LEAVING.match(said):
        return None
    if _LEAVES.search(said):
        return False
    return True if _AGREES.search(said) or _MAY_AGREE.search(said) or _DATE.fullmatch(said) else None


def sense(header: str, cells: Sequence[str]) -> Sense | None:
    """What a foreign column says of the wish to be written to, by its header, else by its cells; None for nothing.

    Of a header that may mean something else (`Newsletter`, `Subscription`), most cells must read as yes or no. A
    column in which nothing stands says nothing.
    """
    said, filled = _plain(header), [cell for cell in map(_plain, cells) if cell]
    if not filled:
        return None
    if _LEAVES.search(said):
        return "consent" if _NOT_LEAVING.match(said) else "opted_out"
    if _AGREES.search(said):
        return "consent"
    read = sum(agreed(cell) is not None for cell in filled)
    if _MAY_AGREE.search(said) and read * 2 >= len(filled):
        return "consent"
    if _BARRED.search(said) and read * 2 >= len(filled):
        return "opted_out"
    is_status = all(map(_STATUS.fullmatch, filled)) and any(map(leaves, filled))
    return "consent" if is_status else None
