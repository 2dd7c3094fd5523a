"""How a contact is greeted: from what the contact file holds in `salutation` and `person`, or neutrally where in doubt.

A cell holds one of these, and each comes out as a speaker of the letter's language expects it:

    a form            Ms · Frau Dr. · Pani · κύριος      Dear Ms Nowak · Sehr geehrte Frau Dr. Öxl · Szanowna Pani
    a vocative        Pani Halino · pane Nováku          Szanowna Pani Halino · Vážený pane Nováku
    a whole greeting  Dear Anna · Sehr geehrte Frau      as it is; the surname is added where only that is missing
    a title           Dr. · mec. · Ing.                  Dear Dr Nowak; neutral where the gender must be known
    anything else     another language's form, P.        the neutral greeting of the letter's language

A gender is never guessed from a first name, and no name is put into a vocative that its ending does not make certain.
What did not come out by the plain rule has a reason (`unusual`), so that a person sees it before the letters go.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from bcp.contact.model import Contact
from bcp.i18n import _
from bcp.notice.text.first_names import is_first_name
from bcp.notice.text.greeting_names import (
    MARKUP,
    PersonName,
    clean,
    does_contradict,
    is_initial,
    is_nobody,
    parse_name,
    why_nameless,
)
from bcp.notice.text.greeting_said import (
    ALONE,
    Said,
    read_salutation,
    sure_vocative,
    with_capitals,
    without_opening,
)
from bcp.notice.text.greeting_words import COMPANY, USAGES, Usage, plain


@dataclass(frozen=True, slots=True)
class Greeting:
    """How a contact is greeted; `unusual` is why a person should look at it, a key of `WHYS`, or nothing."""

    text: str
    unusual: str = ""


WHYS: Mapping[str, Callable[[], str]] = {
    "dead": lambda: _("the contact list says that this person has died: the name is left out"),
    "broken": lambda: _("letters of the name were lost where it was saved: it is left out"),
    "gender": lambda: _("the form of address does not fit the surname: one of them is wrong"),
    "other": lambda: _("the greeting names somebody else than the contact list does"),
    "foreign": lambda: _("the form of address is of another language than the letter"),
    "strange": lambda: _("the form of address is not known"),
    "either": lambda: _("the form of address does not say whether to a woman or a man"),
    "company": lambda: _("a firm or a department, not a person"),
    "several": lambda: _("several people in one entry"),
    "no-surname": lambda: _("the surname is not known"),
    "vocative": lambda: _("the name is not in the form for addressing people: it is left out"),
    "moved": lambda: _("the surname was written first"),
    "doubtful": lambda: _("it is not certain which word is the surname"),
    "hour": lambda: _("the greeting fits some hours only: it is replaced"),
    "mended": lambda: _("the greeting did not agree with the form of address: it is mended"),
    "whole": lambda: _("the contact list holds a whole greeting: it is used as it is"),
}
"""What each reason says; in the order in which the more doubtful come first."""


@lru_cache(maxsize=16384)
def greeting(language: str, contact: Contact) -> Greeting:
    """The greeting of a contact in a letter of this language, without a comma behind it.

    A sending asks for each four times: for the lint, for those to look at, in the letter, and beside an older letter.
    """
    usage = USAGES[language]
    why = why_nameless(f"{contact.person} {contact.salutation}") or (
        "" if contact.person else why_nameless(contact.name)
    )
    if why:
        hello = usage.hello if why_nameless(contact.name) else usage.at_firm.format(name=contact.name)
        return Greeting(hello, why)
    name, salutation = _person_of(contact), clean(contact.salutation)
    if not salutation and contact.person:
        greeted = read_salutation(usage, clean(contact.person), None)
        is_whole = bool(greeted.opening and (greeted.form or greeted.names))
        if is_whole:  # the greeting stands where the name should
            name, salutation = parse_name(" ".join(greeted.names)), greeted.text
    if contact.person and (person := without_opening(clean(contact.person))) != clean(contact.person):
        contact = replace(contact, person=person)
        name = parse_name(person)
    salutation = salutation or (name.form if name else "")
    said = read_salutation(usage, salutation, name)
    if name is None:
        return _of_nobody(usage, contact, said)
    if not salutation or is_nobody(salutation):
        is_left = bool(MARKUP.search(salutation))
        why = "strange" if is_left else "company" if COMPANY.search(salutation) else _doubts(name)
        shown = why if why in ("strange", "company", "several", "moved") else ""
        return Greeting(_neutral(usage, contact, name), shown)
    if does_contradict(usage.code, said.gender, name.surname) or said.is_other_than(name.form):
        return Greeting(_neutral(usage, contact, name), "gender")
    made = _whole(usage, said, name) or _formed(usage, said, name)
    if not made.text:
        return Greeting(_neutral(usage, contact, name), made.unusual)
    is_mended = bool(said.opening) and not made.text.startswith(said.text)
    return Greeting(made.text, made.unusual or ("mended" if is_mended else ""))


def _person_of(contact: Contact) -> PersonName | None:
    """The person; a contact without one may be a person itself, where its name is one."""
    if contact.person:
        return parse_name(contact.person)
    name = parse_name(contact.name)
    if name is None or name.several or len(contact.name.split()) > 3 or not (name.first and name.surname):
        return None
    return name if is_first_name(name.first[0]) else None


def _neutral(usage: Usage, contact: Contact, name: PersonName) -> str:
    """The greeting that is right for everybody, with the name as it is written unless that is no way to greet."""
    written = clean(contact.person or contact.name)
    is_one_case = written in (written.upper(), written.lower())
    is_moved = name.is_moved and not all(is_initial(word) and "." not in word for word in name.first)
    is_listed = is_moved or name.form or is_one_case or bool({",", "("} & set(written))
    shown = name.in_order if is_listed and not name.several else written
    if usage.own_line:
        return f"{shown}\n\n{usage.hello}"
    return f"Guten Tag, {shown}" if usage.code == "de" else f"Dear {shown}"


def _of_nobody(usage: Usage, contact: Contact, said: Said) -> Greeting:
    """A firm is greeted as all who work there; what needs no name, or has one in it, is said without a person, too."""
    is_firm = is_nobody(clean(contact.person)) and bool(contact.person)
    made = Greeting("", "company" if is_firm else "")
    if not is_nobody(said.text) and (not is_firm or said.stands_alone):
        nameless = PersonName()
        made = _whole(usage, said, nameless) or _formed(usage, said, nameless)
    return made if made.text else Greeting(usage.at_firm.format(name=contact.name), made.unusual)


def _doubts(name: PersonName) -> str:
    """What is unusual about a name."""
    if name.several:
        return "several"
    if not name.surname:
        return "no-surname"
    return "doubtful" if name.is_doubtful else "moved" if name.is_moved else ""


def _whole(usage: Usage, said: Said, name: PersonName) -> Greeting | None:
    """A cell that holds a whole greeting: kept, completed by the surname, or None where it is none or a wrong one."""
    if not said.opening or said.foreign:
        return None
    is_told_by_opening = said.opening in ("m", "f") and bool(said.names)  # Αξιότιμε κ. Παπαδόπουλε
    if said.opening == "none" or (said.gender == "?" and not is_told_by_opening):
        return Greeting("", "either")
    if said.opening == "short":
        return None
    agrees = said.opening in ("*", "hour") or said.gender in ("", "?") or said.gender in said.opening
    if not agrees or (said.form and said.is_nominative):
        return None
    begun = with_capitals(f"{usage.hello} {said.behind_opening}".strip() if said.hour else said.text, name)
    if not said.form and not said.names:
        if said.titles and not usage.own_line and name.surname and not name.several:
            return Greeting(f"{begun} {name.surname}", "whole")
        is_hello = said.opening == "*" and not said.titles and plain(said.text) not in ("dear", "my dear")
        return Greeting(begun, "whole") if is_hello else Greeting("", "hour" if said.hour else "strange")
    if said.names:
        is_vocative = bool(said.form) and not (usage.own_line and said.names_are_nominative(name))
        usual = "hour" if said.hour else "" if is_vocative else "whole"
        return Greeting(begun, usual if said.fits(name) else "other")
    if said.stands_alone or (usage.own_line and said.titles):
        return Greeting(begun, "whole")
    if usage.own_line:
        surname = sure_vocative(usage, said.gender, name)
        return Greeting(f"{begun} {surname}".strip(), "whole")
    if not _one_surname(said, name):
        return Greeting("", _doubts(name))
    return Greeting(f"{begun} {name.surname}", "whole")


def _one_surname(said: Said, name: PersonName) -> bool:
    """Whether there is a surname that goes with the form: one person's, or a couple's with a form for two."""
    return bool(name.surname) and name.several <= (said.gender == "p")


def _formed(usage: Usage, said: Said, name: PersonName) -> Greeting:
    """A form, a vocative, a title, or a first name; no text where the neutral greeting is right."""
    if said.foreign:
        return Greeting("", "foreign")
    if said.gender == "?":
        return Greeting("", "either")
    if name.several and said.gender != "p":
        return Greeting("", "several")
    if usage.own_line:
        return _with_vocative(usage, said, name)
    if not said.form and not said.titles:
        is_own = said.has_name and {plain(word) for word in said.names} <= name.words
        hello = "Dear" if usage.code == "en" else "Guten Tag,"
        return Greeting(f"{hello} {said.text}" if is_own else "", "" if is_own else "strange")
    return _with_surname(usage, said, name)


def _with_surname(usage: Usage, said: Said, name: PersonName) -> Greeting:
    """English and German: form, title and surname."""
    if said.stands_alone:
        return Greeting(_ALONE.get(said.form, "").strip() or f"Dear {said.written_form}")
    if said.form in ALONE:
        return Greeting(f"Dear {said.text}")
    surname, why = name.surname, _doubts(name)
    if said.names and not said.fits(name):
        given = parse_name(" ".join(said.names))
        surname, why = (given.surname or given.in_order) if given else "", "other"
    elif not surname and said.names and not name.several:
        surname, why = " ".join(said.names), why or "no-surname"
    if not surname:
        return Greeting("", why or "no-surname")
    titles = _titles(usage, said, name)
    if said.gender == "p":
        return Greeting(_PAIRS[said.word].format(name=surname) if said.word in _PAIRS else "", "several")
    if usage.code == "en":
        lead = titles or said.word
        return Greeting(f"Dear {lead} {surname}" if lead else "", why if lead else "foreign")
    opening = {"m": "Sehr geehrter Herr", "f": "Sehr geehrte Frau"}.get(said.gender, "Guten Tag,")
    if not said.form and not titles:
        return Greeting("", "foreign")
    return Greeting(" ".join(filter(None, (opening, titles, surname))), why)


_PAIRS = {
    "Mr and Mrs": "Dear Mr and Mrs {name}",
    "Ms and Mr": "Dear Ms and Mr {name}",
    "Messrs": "Dear Messrs {name}",
    "Family": "Dear {name} family",
    "Paar": "Sehr geehrte Frau {name}, sehr geehrter Herr {name}",
    "Familie": "Sehr geehrte Familie {name}",
}
_ALONE = {
    "damen und herren": "Sehr geehrte Damen und Herren",
    "kollegen": "Liebe Kolleginnen und Kollegen",
    "kolleginnen und kollegen": "Liebe Kolleginnen und Kollegen",
    "team": "Hallo zusammen",
    "alle": "Hallo zusammen",
}


def _titles(usage: Usage, said: Said, name: PersonName) -> str:
    """The titles as the language has them in a greeting: one in English, all that were written in German."""
    if usage.code == "en":
        own = [title for title in (*said.titles, *name.titles) if usage.titles.get(plain(title))]
        return min(own, key=lambda title: not plain(title).startswith("prof"), default="")
    written = [title for title in said.titles if plain(title) in usage.titles]
    if said.form and not written:
        written = [title for title in name.titles if usage.titles.get(plain(title), "*") != "*"]
    return " ".join(written)


def _with_vocative(usage: Usage, said: Said, name: PersonName) -> Greeting:
    """Polish, Czech and Greek: what is written in the vocative, else what is right with no name."""
    if not said.form:
        if said.has_name and not said.titles and said.fits(name) and not said.names_are_nominative(name):
            return Greeting(f"{usage.hello}, {said.text}")
        return Greeting("", "either" if said.titles and not said.names else "strange")
    opening = _SEVERAL[usage.code] if said.gender == "p" else usage.bare[said.gender].partition(" ")[0]
    bare = f"{opening} {said.word}" if said.word else usage.bare[said.gender]
    is_said = bool(said.names) or (usage.code == "el" and any(len(title) > 4 for title in said.titles))
    if is_said and not said.is_nominative and not said.names_are_nominative(name):
        return Greeting(f"{opening} {said.address(name)}", "" if said.fits(name) else "other")
    title = _title_in_vocative(usage, said, name)
    if title:
        return Greeting(f"{bare} {title}")
    surname = sure_vocative(usage, said.gender, name)
    if surname and _doubts(name) == "doubtful":
        return Greeting(bare, "doubtful")
    why = "vocative" if said.names and not surname else _doubts(name) if surname else ""
    return Greeting(f"{bare} {surname}".strip(), why)


_SEVERAL = {"pl": "Szanowni", "cs": "Vážení", "el": "Αγαπητοί"}


def _title_in_vocative(usage: Usage, said: Said, name: PersonName) -> str:
    """The title that is said to somebody, in the vocative and for this gender, or nothing."""
    if said.gender not in ("m", "f"):
        return ""
    own = [title for title in name.titles if usage.code == "cs" and plain(title) not in ("mgr", "mga")]
    for title in (*said.titles, *own):
        forms = usage.titles.get(plain(title), "").split()
        if forms:
            return forms[said.gender == "f"]
    return ""
