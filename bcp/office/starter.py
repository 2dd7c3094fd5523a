"""The first files of a new office: the shipped runbooks, checks and notices, its bcp.yaml, or the whole sample.

Everything here is text by its path in the office folder; `write` puts it there and never overwrites what is an office's
own. The text of bcp.yaml with its comments is `starter.yaml`, beside this module.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from string import Template
from typing import NamedTuple

from bcp.errors import InputError
from bcp.files import in_words, put
from bcp.office.find import FILE
from bcp.office.model import Office
from bcp.private import give, make_folder
from bcp.times import say_duration, write_duration
from bcp.yaml.source import Reader, parse

CLIENTS = "contacts/clients.csv"
_HERE = Path(__file__).parent.parent
_BARRED = str.maketrans("łøđħ", "lodh")
_GITIGNORE = """\
# What happened in incidents and drills holds names and is kept on this computer, not in a shared history.
incidents/
drills/
# Whom we tell, and what was written to them.
contacts/
letters/
*.eml
# What is printed names people and their mobiles; so do reports, exports, dossiers and what is handed over.
prints/
*.pdf
/report-*
/export-*
/claim-*
*.zip
# Copies of other people's sites.
mirrors/
"""


class Home(NamedTuple):
    """What a country makes likely: the language of the office and its time zone."""

    language: str
    timezone: str


HOMES: Mapping[str, Home] = {
    country: Home(language, timezone)
    for country, language, timezone in (
        line.split()
        for line in """
        AT de Europe/Vienna
        BE nl Europe/Brussels
        BG bg Europe/Sofia
        CH de Europe/Zurich
        CY el Asia/Nicosia
        CZ cs Europe/Prague
        DE de Europe/Berlin
        DK da Europe/Copenhagen
        EE et Europe/Tallinn
        ES es Europe/Madrid
        FI fi Europe/Helsinki
        FR fr Europe/Paris
        GB en Europe/London
        GR el Europe/Athens
        HR hr Europe/Zagreb
        HU hu Europe/Budapest
        IE en Europe/Dublin
        IT it Europe/Rome
        LT lt Europe/Vilnius
        LU fr Europe/Luxembourg
        LV lv Europe/Riga
        MT en Europe/Malta
        NL nl Europe/Amsterdam
        NO nb Europe/Oslo
        PL pl Europe/Warsaw
        PT pt Europe/Lisbon
        RO ro Europe/Bucharest
        SE sv Europe/Stockholm
        SI sl Europe/Ljubljana
        SK sk Europe/Bratislava
        UA uk Europe/Kyiv
        """.strip().splitlines()
    )
}


UNNAMED = "The person who leads"
"""Whoever leads in an office of which nobody has said that yet."""


@dataclass(frozen=True, slots=True)
class NewOfficeAnswers:
    """What `bcp init` asks for; an empty text was not answered and becomes a line to fill in.

    Mobile numbers have their country code. `client_lost_after` answers "how long may the phone be dead
    before you lose a client?"; ISO 22301 calls it the MTPD.
    """

    name: str
    country: str
    language: str
    timezone: str
    lead: str = UNNAMED
    lead_mobile: str = ""
    deputy: str = ""
    deputy_mobile: str = ""
    provider: str = ""
    fault_number: str = ""
    client_lost_after: timedelta = timedelta(days=1)


class Written(NamedTuple):
    """The paths of the files that `write` made, and of those that were there already and stay as they were."""

    written: list[str]
    kept: list[str]


def guess_country(environ: Mapping[str, str]) -> str | None:
    """`PL` from a setting such as `LANG=pl_PL.UTF-8`; None where the environment does not say."""
    said = environ.get("LC_ALL") or environ.get("LANG") or ""
    found = re.match(r"[a-z]{2,3}_([A-Z]{2})\b", said)
    return found[1] if found else None


def shipped() -> Path:
    """The folder of `runbooks`, `checks`, `notices` and `sample`: inside the package, or the checkout itself."""
    inside = _HERE / "shipped"
    return inside if inside.is_dir() else _HERE.parent


def plain_office(answers: NewOfficeAnswers) -> dict[str, str]:
    """The files of a new office, made of the answers.

    Raises InputError for an answer that bcp.yaml cannot hold, with the line that it would have become.
    """
    return {
        FILE: _office_file(answers),
        ".gitignore": _GITIGNORE,
        **_content(),
        CLIENTS: _texts(shipped() / "sample")[CLIENTS].splitlines()[0] + "\n",
    }


def sample_office() -> dict[str, str]:
    """The files of an invented agency of nine people, to try everything on."""
    return {".gitignore": _GITIGNORE, **_content(), **_texts(shipped() / "sample")}


def write(files: Mapping[str, str], folder: Path, made_by_us: Mapping[str, str] | None = None) -> Written:
    """Write each file that is not there yet, with the folders it needs; `made_by_us` are renewed where they are old.

    Raises InputError where a file or folder cannot be made; what was written before stays.
    """
    done = Written([], [])
    ours = made_by_us or {}
    for shown, text in {**files, **ours}.items():
        try:
            make_folder((folder / shown).parent)
            is_new = write_new(folder / shown, text) or (shown in ours and _renewed(folder / shown, text))
        except OSError as error:
            where = error.filename or folder / shown
            why = in_words(error).lower()
            raise InputError(
                f"{where} cannot be written: {why}",
                "choose another folder: bcp init FOLDER",
            ) from None
        (done.written if is_new else done.kept).append(shown)
    return done


def write_new(path: Path, text: str) -> bool:
    """Whether the file was made; a file half written is taken away again."""
    try:
        file = path.open("x", encoding="utf-8", newline="\n")
    except FileExistsError:
        if not path.parent.is_dir():
            raise
        return False
    with ExitStack() as half_written:
        half_written.callback(path.unlink)
        with file:
            file.write(text)
        give(path)
        half_written.pop_all()
    return True


def _renewed(path: Path, text: str) -> bool:
    """Whether the file said something else, such as the schema of an older version."""
    new = text.encode()
    if path.read_bytes() == new:
        return False
    put(path, new, like=path)
    return True


def _content() -> dict[str, str]:
    folders = ("runbooks", "checks", "notices")
    return {path: text for name in folders for path, text in _texts(shipped() / name, f"{name}/").items()}


def _texts(folder: Path, prefix: str = "") -> dict[str, str]:
    return {
        prefix + path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in (".yaml", ".csv", ".md", ".html", ".txt")
    }


def _office_file(answers: NewOfficeAnswers) -> str:
    people = _people(answers)
    lead, *others = [person for person, _name, _mobile in people]
    deputy = others[0] if others else lead
    unbearable = answers.client_lost_after
    template = Template(Path(__file__).with_name("starter.yaml").read_text(encoding="utf-8"))
    text = template.substitute(
        name=quoted(answers.name),
        language=quoted(answers.language),
        country=quoted(answers.country),
        timezone=quoted(answers.timezone),
        people="".join(_person(*each) for each in people),
        lead=lead,
        deputy=deputy,
        lead_deputies=deputy if others else "",
        deputy_deputies=lead if others else "",
        provider=_given("provider", answers.provider, "the firm that sends the bill"),
        support=_given("support", answers.fault_number, '"+48 22 600 00 91"'),
        said=say_duration(unbearable),
        target=write_duration(min(timedelta(hours=4), unbearable / 2)),
        unbearable=write_duration(unbearable),
    )
    _check(text)
    return text


def _check(text: str) -> None:
    reader = Reader()
    reader.model(parse(text, FILE), Office)
    for mistake in reader.mistakes:
        raise InputError(f"{mistake.text.strip()} cannot be used: {mistake.message}", mistake.hint)


def _people(answers: NewOfficeAnswers) -> list[tuple[str, str, str]]:
    """Id, name and mobile of the lead and, where one is named, of the deputy."""
    lead = "lead" if answers.lead == UNNAMED else _person_id(answers.lead, "lead")
    people = [(lead, answers.lead, answers.lead_mobile)]
    if answers.deputy.strip():
        deputy = _person_id(answers.deputy, "deputy")
        people.append((f"{lead}-2" if deputy == lead else deputy, answers.deputy, answers.deputy_mobile))
    return people


def _person(person: str, name: str, mobile: str) -> str:
    phone = _given("phone", mobile, '"+48 600 000 101"')
    return f"  - person: {person}\n    name: {quoted(name)}\n    {phone}\n"


def _given(key: str, answer: str, example: str) -> str:
    """`key: "answer"`, or the line to fill in."""
    return f"{key}: {quoted(answer)}" if answer.strip() else f"#{key}: {example}"


def _person_id(name: str, otherwise: str) -> str:
    """`anna` from `Anna Nowak`, `lukasz` from `Łukasz Gajda`; `otherwise` where no Latin letters are left."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_BARRED))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    found = re.search(r"[a-z][a-z0-9]*", letters)
    return found[0][:30] if found else otherwise


def quoted(text: str) -> str:
    """`text` as a double-quoted YAML scalar (YAML 1.2, 7.3.1), whatever is in it.

    Raises InputError for line breaks and control characters: names and numbers are one line of plain text.
    """
    said = text.strip()
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in said):
        shown = "".join(letter if letter.isprintable() else "?" for letter in said)
        raise InputError(
            f'"{shown}" is not one line of plain text', "type it again, without line breaks or tabs"
        )
    return f'"{"".join(map(_escaped, said))}"'


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return "\\" + letter
    return letter if letter.isprintable() else f"\\U{ord(letter):08x}"
