"""Contact lists that other programs exported: CSV and vCard."""

from __future__ import annotations

from random import Random

from tests.fuzz import mutate
from tests.fuzz.area import Area, Input, some
from tests.fuzz.oracle import command

_CARDS = [
    b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Jan Nowak\r\nN:Nowak;Jan;;;\r\nORG:Firma\\, sp. z o.o.;Dept\r\n"
    b"EMAIL;TYPE=INTERNET,WORK:jan@example.com\r\nTEL;TYPE=CELL:+48 600 000 201\r\nNOTE:a long\r\n  line\\nmore\r\n"
    b"END:VCARD\r\n",
    b"BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C5=81=C4=99cki;Ewa=\n=20M;;;\n"
    b"TEL;CELL;PREF:600000202\nEMAIL:ewa@example.com\nPHOTO;ENCODING=BASE64;JPEG:/9j/4AAQ\n SkZJRg==\n\nEND:VCARD\n",
    b'BEGIN:VCARD\nVERSION:4.0\nitem1.EMAIL;TYPE="home,work";PREF=1:a@b.example\nitem1.X-ABLabel:_$!<Work>!$_\nFN:A\n'
    b"TEL;VALUE=uri:tel:+48-600-000-203\nLANG:pl\nEND:VCARD\n",
]


class Contacts(Area):
    """An office with one contact list that is not as it was; the kind is its ending."""

    name = "contacts"

    def prepare(self) -> None:
        """Shipped lists, in the encodings and with the separators that spreadsheets use."""
        self.new_office()
        text = "\n".join(
            (self.office / "contacts" / "clients.csv").read_text(encoding="utf-8").splitlines()[:8]
        )
        tables = [text.encode(), text.replace(",", ";").replace("\n", "\r\n").encode("cp1250", "replace")]
        self.seeds = {"csv": [*tables, text.encode("utf-16"), text.replace(",", "\t").encode("utf-8-sig")]}
        self.seeds["vcf"] = [*_CARDS, b"".join(_CARDS)]
        (self.office / "contacts" / "clients.csv").unlink()

    def make(self, random: Random) -> Input:
        """Bytes of one of the lists."""
        kind = random.choice(("csv", "vcf"))
        return Input(kind, mutate.of_bytes(random, random.choice(self.seeds[kind]), self.seeds[kind]))

    def try_(self, given: Input, thoroughly: bool) -> None:
        """Commands that read contacts, and the import."""
        place, new = (folder / f"clients.{given.kind}" for folder in (self.office / "contacts", self.folder))
        place.write_bytes(given.data)
        new.write_bytes(given.data)
        commands = [
            *(("contact", "list"), ("contact", "check"), ("contact", "export"), ("validate",)),
            *(("contact", "import", str(new)), ("contact", "forget", "Jan Nowak"), ("print", "verify", "x")),
        ]
        before = {path: path.read_bytes() for path in (self.office / "contacts").iterdir()}
        try:
            for arguments in some(commands, given, thoroughly):
                command(self.office, *arguments)
        finally:
            for path in (self.office / "contacts").iterdir():
                path.unlink()
            for path, data in before.items():
                if path != place:
                    path.write_bytes(data)
