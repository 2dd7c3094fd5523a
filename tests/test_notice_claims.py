"""What no fact carries is found in the five languages: a time of day, a cause, a scope, an apology with an "if"."""

from __future__ import annotations

from pathlib import Path

import pytest

from bcp.notice.lint.lint import lint
from bcp.notice.text.load import load_file
from bcp.yaml.source import Reader

LETTER = """---
subject: A
kind: down
---
{{ greeting }},

{# says: acknowledge #}{# says: act #}A. WORDS. {{ reach.phone }} {{ next_update }}
"""
FOUND = {
    "daytime": {
        "en": "since this morning|tonight|last night|yesterday evening|since noon|we lost it overnight|since 8 am",
        "pl": "od dziś rana|dziś rano|dzisiaj wieczorem|wczoraj|dziś w nocy",
        "cs": "dnes ráno|od dnešního rána|dnes večer|včera|dnes odpoledne|od včerejšího večera",
        "el": "σήμερα το πρωί|από σήμερα το πρωί|απόψε|χθες|Καλημέρα σας|από το χθεσινό βράδυ",
        "de": (
            "heute früh|seit heute Morgen|heute Abend|gestern|heute Nacht|seit heute früh|seit Mittag|"
            "seit 8 Uhr|seit dem gestrigen Abend"
        ),
    },
    "apologise-outright": {
        "en": (
            "I am sorry if this troubled you|We apologise if you tried in vain|"
            "Sorry for any inconvenience this may cause"
        ),
        "pl": ("Przepraszam, jeśli sprawiło to kłopot|Przepraszamy, jeżeli ktoś dzwonił|Przykro nam, jeśli"),
        "cs": "Omlouvám se, pokud vás to|Mrzí nás, jestli|Omlouváme se vám, pokud",
        "el": "Συγγνώμη αν ψάξατε|Ζητώ συγγνώμη αν προσπαθήσατε|Λυπάμαι αν",
        "de": (
            "Entschuldigen Sie bitte, falls Sie|Es tut mir leid, falls|"
            "Wir bitten um Entschuldigung, falls Sie|Entschuldigen Sie, falls"
        ),
    },
    "only-what-is-known": {
        "en": (
            "Our phone line is dead|The internet is down|Our website is down|"
            "There was a power cut|after a cyber attack|it is the provider's fault|"
            "Our telephone does not work|our phones are dead|a burst pipe|"
            "Our servers were hacked|our phone and internet line has been out|"
            "Our server crashed|Our fibre is broken"
        ),
        "pl": (
            "Nasza linia telefoniczna nie działa|nie działa internet|"
            "Nasza strona internetowa nie działa|brak prądu|po cyberataku|z winy operatora|"
            "awaria prądu|Nasz telefon nie działa|telefon nie działa|łącze nie działa|"
            "awaria u dostawcy|Nasz serwer padł|światłowód nie działa"
        ),
        "cs": (
            "Naše telefonní linka nefunguje|internet nefunguje|náš web nefunguje|výpadek proudu|"
            "kybernetický útok|vinou poskytovatele|telefon nefunguje|"
            "Naše webové stránky nefungují|kvůli poruše u operátora|spadl nám server"
        ),
        "el": (
            "η τηλεφωνική γραμμή|το ίντερνετ δεν λειτουργεί|η ιστοσελίδα μας|διακοπή ρεύματος|"
            "κυβερνοεπίθεση|φταίει ο πάροχος|το τηλέφωνό μας δεν λειτουργεί|"
            "το τηλέφωνο δεν λειτουργεί|διακοπή του ρεύματος|με ευθύνη του παρόχου|"
            "λόγω βλάβης του παρόχου|ο διακομιστής μας έπεσε|η τηλεφωνική μας γραμμή"
        ),
        "de": (
            "Unsere Telefonleitung ist gestört|Das Internet ist ausgefallen|"
            "Unsere Website ist nicht erreichbar|Stromausfall|Cyberangriff|Schuld des Anbieters|"
            "Unser Telefon ist ausgefallen|das Telefon funktioniert nicht|Störung beim Anbieter|"
            "Unser Server ist abgestürzt|die Glasfaser ist defekt"
        ),
    },
}
FINE = {
    "en": "Please call us|Write to our office|We use a phone|an internet shop|Call us today|an overnight courier",
    "pl": "Proszę dzwonić|z naszej strony|sklep internetowy|Przepraszam za kłopot|Rano zadzwonimy",
    "cs": "Volejte nám|internetový obchod|Omlouvám se za nepříjemnosti",
    "el": "Καλέστε μας|ηλεκτρονικό κατάστημα|Ζητώ συγγνώμη για την αναστάτωση",
    "de": "Rufen Sie uns an|ein Internetshop|Es tut mir leid, dass Sie warten|morgen um 9:00",
}


def rules_that_find(folder: Path, language: str, words: str) -> set[str]:
    path = folder / f"x.{language}.md"
    path.write_text(LETTER.replace("WORDS", words), encoding="utf-8")
    version = load_file(path, path.name, Reader())
    assert version is not None
    return {finding.rule for finding in lint(version)}


@pytest.mark.parametrize("rule", FOUND)
def test_what_no_fact_carries_is_found_in_each_language(tmp_path: Path, rule: str) -> None:
    for language, said in FOUND[rule].items():
        for words in said.split("|"):
            assert rules_that_find(tmp_path, language, words) == {rule}, f"{language}: {words}"


def test_what_may_be_said_is_not_found(tmp_path: Path) -> None:
    for language, said in FINE.items():
        for words in said.split("|"):
            assert not rules_that_find(tmp_path, language, words), f"{language}: {words}"
