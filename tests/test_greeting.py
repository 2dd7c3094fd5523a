"""How each entry of a contact list is greeted: the rows are what a speaker of the language expects."""

from __future__ import annotations

import json
import os
import random
import subprocess
from pathlib import Path

import pytest

from bcp.contact.model import Contact
from bcp.notice.text.greeting import WHYS, greeting
from bcp.notice.text.greeting_words import USAGES
from bcp.notice.text.language import LANGUAGES
from tests import quick
from tests.posts import affair, order, post_room
from tests.posts import office as make_office

# language | person | salutation | greeting, with a bar for the name on its own line
PEOPLE_WRITE = """
en | Anna Nowak | Ms | Dear Ms Nowak
en | John Smith Jr. | Mr | Dear Mr Smith
en | Nowak Anna | Ms | Dear Ms Nowak
en | Anna Nowak | Dear Anna | Dear Anna
en | Anna Nowak | Dear Ms Nowak | Dear Ms Nowak
en | Jan de Vries | Mr | Dear Mr de Vries
en | Alex Kim | Mx | Dear Mx Kim
en | J. & M. Smith | Mr and Mrs | Dear Mr and Mrs Smith
en | Anna Nowak | Prof. Dr. | Dear Prof. Nowak
en | Anna Nowak | Mr. Dr. | Dear Dr. Nowak
en | John Smith | Sir | Dear Sir
en | Jan Novák | pane Nováku | Dear Jan Novák
en | Halina Wrona | Pani Halino | Dear Halina Wrona
de | Ute Öxl | Frau Dr. | Sehr geehrte Frau Dr. Öxl
de | Jan Müller | Herr Dr. | Sehr geehrter Herr Dr. Müller
de | Jan Müller | Sehr geehrter Herr Müller | Sehr geehrter Herr Müller
de | Jan Müller | Herrn | Sehr geehrter Herr Müller
de | Jan Müller | herr | Sehr geehrter Herr Müller
de | Graf von Berg | Herr | Sehr geehrter Herr Graf von Berg
de | Anna u. Max Berg | Familie | Sehr geehrte Familie Berg
de | Anna Nowak | Pani | Guten Tag, Anna Nowak
pl | Anna Nowak | Szanowna Pani | Szanowna Pani
pl | Anna Nowak | P. | Anna Nowak / Dzień dobry
pl | Anna Nowak | mec. | Anna Nowak / Dzień dobry
pl | Anna Nowak | Panią | Szanowna Pani
pl | Adam Mróz | Pan Adam | Szanowny Panie
pl | Adam Mróz | Panie Mecenasie | Szanowny Panie Mecenasie
pl | Adam Mróz | Państwo | Szanowni Państwo
pl | Anna Nowak | Mrs | Anna Nowak / Dzień dobry
pl | Anna Nowak | Dzień dobry Pani Anno | Dzień dobry Pani Anno
cs | Jan Novák | pan | Vážený pane
cs | Jan Novák | pan Novák | Vážený pane
cs | Jan Novák | Vážený pane Nováku | Vážený pane Nováku
cs | Ing. Jan Novák | Ing. | Ing. Jan Novák / Dobrý den
cs | Jan Novák | pane inženýre | Vážený pane inženýre
cs | Jan Novák | p. | Jan Novák / Dobrý den
cs | Jana Nováková | pí | Vážená paní Nováková
el | Ελένη Ιωάννου | κα | Αγαπητή κυρία Ιωάννου
el | Γιώργος Παπαδόπουλος | κύριος | Αγαπητέ κύριε Παπαδόπουλε
el | Γιώργος Παπαδόπουλος | Αγαπητέ κύριε Παπαδόπουλε | Αγαπητέ κύριε Παπαδόπουλε
el | Παπαδοπούλου Μαρία | κυρία | Αγαπητή κυρία Παπαδοπούλου
el | Γιώργος | κύριε Γιώργο | Αγαπητέ κύριε Γιώργο
el | Γ. Π. | Κος | Αγαπητέ κύριε
el | Ελένη Ιωάννου | Κα. | Αγαπητή κυρία Ιωάννου
"""
# The same, and why a person should look at it first.
ALSO = """
en | Anna Nowak, PhD | Ms | Dear Ms Nowak
en | Dr. Anna Nowak |  | Dear Dr. Anna Nowak
en | Dr Anna Nowak | Ms | Dear Dr Nowak
en | Nowak, Anna | Ms | Dear Ms Nowak | moved
en | NOWAK Anna | Mrs. | Dear Mrs Nowak | moved
en | ANNA NOWAK | Ms | Dear Ms Nowak
en | anna nowak | ms | Dear Ms Nowak
en | Mary-Jane O'Neil | Miss | Dear Miss O'Neil
en | John Smith III | Mr | Dear Mr Smith
en | John Smith, Jr., MD | Dr. | Dear Dr. Smith
en | John Smith MBA | Mr. | Dear Mr Smith
en | Yo-Yo Ma | Mr | Dear Mr Ma | doubtful
en | Ludwig van Beethoven | Mr | Dear Mr van Beethoven
en | Vincent Van Damme | Mr | Dear Mr Van Damme
en | Maria de la Cruz | Mrs | Dear Mrs de la Cruz
en | J. Smith | Mr | Dear Mr Smith
en | Smith J. | Mr | Dear Mr Smith | moved
en | Anna Nowak & Jan Kowalski | Mr and Mrs | Dear Anna Nowak & Jan Kowalski | several
en | Anna Nowak | Dear | Dear Anna Nowak | strange
en | Anna Nowak | Hello | Hello | whole
en | Anna Nowak | Hi Anna | Hi Anna | whole
en | Anna Nowak | Dear Ms | Dear Ms Nowak | whole
en | Anna Nowak | Dear Ms. | Dear Ms. Nowak | whole
en | Anna Nowak | Dear Dr. | Dear Dr. Nowak | whole
en | Anna Nowak | Dear Mrs Kowalska | Dear Mrs Kowalska | other
en | Anna Nowak | Dear Sir or Madam | Dear Sir or Madam | whole
en | Anna Nowak | Madam | Dear Madam
en | Anna Nowak | Dear Anna, | Dear Anna | whole
en | Anna Nowak | dear anna | Dear Anna | whole
en | Anna Nowak | Anna | Dear Anna
en | Anna Nowak | Mr Smith | Dear Mr Smith | other
en | Anna Nowak | Ms Nowak | Dear Ms Nowak
en | Anna Nowak | Ms Anna | Dear Ms Nowak
en | Anna Nowak | Mr/Ms | Dear Anna Nowak | either
en | Anna Nowak | Good morning Ms Nowak | Hello Ms Nowak | hour
en | Anna Nowak | Sehr geehrte Frau Nowak | Dear Anna Nowak | foreign
en | Anna Nowak | Frau | Dear Anna Nowak | foreign
en | Anna Nowak | Szanowna Pani | Dear Anna Nowak | foreign
en | Anna Nowak | κυρία | Dear Anna Nowak | foreign
en | Anna Nowak | Mgr | Dear Anna Nowak | foreign
en | Anna Nowak | Bookkeeping | Dear Anna Nowak | strange
en | Anna | Ms | Dear Anna | no-surname
en | Sales department | Ms | Dear all at Firma X | company
en | Acme Ltd | Mr | Dear all at Firma X | company
en |  | Ms | Dear all at Firma X | no-surname
en |  | Dear Anna | Dear Anna | whole
en |  | Sir | Dear Sir
en | Firma | Mr | Dear all at Firma X | company
en | Anna Nowak | Firma | Dear Anna Nowak | company
en | Anna Nowak (accounts) | Ms | Dear Ms Nowak
en | Anna Nowak-Kowalska | Ms | Dear Ms Nowak-Kowalska
en | Anna Nowak - Kowalska | Ms | Dear Ms Nowak-Kowalska
en | Rev. Tom Brown | Rev. | Dear Rev. Brown
en | Dr. & Mrs. Smith | Dr. and Mrs. | Dear Dr. & Mrs. Smith | several
en | Kovács István | Mr | Dear Mr István | doubtful
de | Müller, Max | Herr | Sehr geehrter Herr Müller | moved
de | Müller Max | Herr | Sehr geehrter Herr Müller | moved
de | Max Müller jun. | Herr | Sehr geehrter Herr Müller
de | Sabine von der Heide | Frau | Sehr geehrte Frau von der Heide
de | von der Heide, Sabine | Frau | Sehr geehrte Frau von der Heide | moved
de | Dr. Ute Öxl | Frau | Sehr geehrte Frau Dr. Öxl
de | Prof. Dr. Max Müller | Herr | Sehr geehrter Herr Prof. Dr. Müller
de | Anna Nowak | Prof. Dr. | Guten Tag, Prof. Dr. Nowak
de | Anna Nowak | Frau Prof. Dr. | Sehr geehrte Frau Prof. Dr. Nowak
de | Anna Nowak | Frau Nowak | Sehr geehrte Frau Nowak
de | Anna Nowak | Frau Anna | Sehr geehrte Frau Nowak
de | Anna Nowak | Sehr geehrte Frau | Sehr geehrte Frau Nowak | whole
de | Anna Nowak | Sehr geehrte Frau Dr. | Sehr geehrte Frau Dr. Nowak | whole
de | Anna Nowak | Sehr geehrter Frau Nowak | Sehr geehrte Frau Nowak | mended
de | Anna Nowak | Sehr geehrte Damen und Herren | Sehr geehrte Damen und Herren | whole
de | Anna Nowak | Damen und Herren | Sehr geehrte Damen und Herren
de | Anna Nowak | Liebe Anna | Liebe Anna | whole
de | Anna Nowak | Hallo Anna | Hallo Anna | whole
de | Anna Nowak | Guten Tag | Guten Tag | whole
de | Anna Nowak | Guten Morgen Frau Nowak | Guten Tag Frau Nowak | hour
de | Anna Nowak | Sehr geehrte(r) | Guten Tag, Anna Nowak | either
de | Anna Nowak | Mrs | Guten Tag, Anna Nowak | foreign
de | Anna Nowak | Dear Ms Nowak | Guten Tag, Anna Nowak | foreign
de | Anna Nowak | Herr/Frau | Guten Tag, Anna Nowak | either
de | Max und Anna Berg | Herr und Frau | Sehr geehrte Frau Berg, sehr geehrter Herr Berg | several
de | Anna und Max Berg | Eheleute | Sehr geehrte Frau Berg, sehr geehrter Herr Berg | several
de | Anna und Max Berg | Frau | Guten Tag, Anna und Max Berg | several
de | Max Graf von Berg | Herr | Sehr geehrter Herr Graf von Berg
de | Maximilian Freiherr von Stein | Herr | Sehr geehrter Herr Freiherr von Stein
de | Firma | Frau | Guten Tag an alle bei Firma X | company
de | Müller GmbH | Firma | Guten Tag an alle bei Firma X | company
de | Buchhaltung | Damen und Herren | Sehr geehrte Damen und Herren
de |  | Frau | Guten Tag an alle bei Firma X | no-surname
de |  | Damen und Herren | Sehr geehrte Damen und Herren
de | Anna Nowak | Fräulein | Sehr geehrte Frau Nowak
de | Anna Nowak | FRAU | Sehr geehrte Frau Nowak
de | Anna Nowak | Frau Rechtsanwältin | Sehr geehrte Frau Rechtsanwältin Nowak
de | Jan Müller | Herr Mag. | Sehr geehrter Herr Mag. Müller
de | Jan Müller | Dr. | Guten Tag, Dr. Müller
de | Dipl.-Ing. Jan Müller | Herr | Sehr geehrter Herr Müller
de | Jan Müller M.A. | Herr | Sehr geehrter Herr Müller
de | Öxl U. | Frau | Sehr geehrte Frau Öxl | moved
pl | Nowak Anna | Pani | Szanowna Pani
pl | Adam Mróz | Pan | Szanowny Panie
pl | Adam Mróz | pan | Szanowny Panie
pl | Adam Mróz | Panie Adamie | Szanowny Panie Adamie
pl | Adam Mróz | Panie Adam | Szanowny Panie | vocative
pl | Adam Mróz | panie adamie | Szanowny Panie Adamie
pl | Halina Wrona | Pani Halina | Szanowna Pani | vocative
pl | Halina Wrona | Pani Halino | Szanowna Pani Halino
pl | Halina Wrona | Pani Wrona | Szanowna Pani Wrona
pl | Halina Wrona | Pani Halina Wrona | Szanowna Pani | vocative
pl | Halina Wrona | Szanowna Pani Halino | Szanowna Pani Halino
pl | Halina Wrona | Szanowny Pan | Szanowny Panie
pl | Adam Mróz | Szanowny Pan | Szanowny Panie
pl | Adam Mróz | Szanowny Panie, | Szanowny Panie | whole
pl | Adam Mróz | Sz. P. | Adam Mróz / Dzień dobry | either
pl | Adam Mróz | Sz.P. Adam Mróz | Adam Mróz / Dzień dobry | either
pl | Adam Mróz | Pan mec. | Szanowny Panie Mecenasie
pl | Anna Nowak | Pani mecenas | Szanowna Pani Mecenas
pl | dr Anna Nowak | Pani | Szanowna Pani
pl | mgr inż. Adam Mróz | Pan | Szanowny Panie
pl | Adam Mróz | Pan dr | Szanowny Panie Doktorze
pl | Adam Mróz | Pan prof. dr hab. | Szanowny Panie Profesorze
pl | Adam Mróz | dr | Adam Mróz / Dzień dobry | either
pl | Adam Mróz | Pan/Pani | Adam Mróz / Dzień dobry | either
pl | Adam Mróz | pane Mrózi | Adam Mróz / Dzień dobry | foreign
pl | Jana Nováková | paní | Jana Nováková / Dzień dobry | foreign
pl | Jana Nováková | Vážená paní Nováková | Jana Nováková / Dzień dobry | foreign
pl | Adam Mróz | Herr | Adam Mróz / Dzień dobry | foreign
pl | Adam Mróz | Dear Adam | Adam Mróz / Dzień dobry | foreign
pl | Adam Mróz | Dzień dobry | Dzień dobry | whole
pl | Adam Mróz | Dobry wieczór Panie Adamie | Dzień dobry Panie Adamie | hour
pl | Adam Mróz | Cześć Adamie | Cześć Adamie | whole
pl | Adam Mróz | Adamie | Dzień dobry, Adamie
pl | Adam Mróz | Adam | Adam Mróz / Dzień dobry | strange
pl | Adam i Ewa Mróz | Państwo | Szanowni Państwo
pl | Adam i Ewa Mróz | Pan | Adam i Ewa Mróz / Dzień dobry | several
pl | Adam i Ewa Mróz | Pan i Pani | Szanowni Państwo
pl | Firma | Pani | Firma X / Dzień dobry | company
pl | Księgowość | Pani | Firma X / Dzień dobry | company
pl |  | Pani | Szanowna Pani
pl |  | Państwo | Szanowni Państwo
pl |  | Panie Adamie | Szanowny Panie Adamie
pl | Adam Mróz | Szanowni Państwo | Szanowni Państwo | whole
pl | Adam Mróz | Firma | Adam Mróz / Dzień dobry | company
pl | Adam Mróz | Pani Anno | Szanowna Pani Anno | other
pl | Pani Anna Nowak |  | Szanowna Pani
pl | Adam Mróz | Pana | Szanowny Panie
cs | Jan Novák | pane Nováku | Vážený pane Nováku
cs | Jan Novák | pane Novák | Vážený pane | vocative
cs | Jan Novák | PANE | Vážený pane
cs | Jan Novák | Vážený pane | Vážený pane | whole
cs | Jan Novák | Vážený pan Novák | Vážený pane | vocative
cs | Jana Dvořáková | paní | Vážená paní Dvořáková
cs | Jana Dvořáková | Vážená paní | Vážená paní Dvořáková | whole
cs | Dvořáková Jana | paní | Vážená paní Dvořáková | moved
cs | Jana Dvořáková | paní Dvořáková | Vážená paní Dvořáková
cs | Jana Dvořáková | Vážená paní Dvořáková | Vážená paní Dvořáková
cs | Anna Nowak | Pani | Anna Nowak / Dobrý den | foreign
cs | Anna Nowak | paní | Vážená paní
cs | Jan Novotný | pan | Vážený pane Novotný
cs | Ing. Jan Novák, CSc. | pan | Vážený pane inženýre
cs | Mgr. Jana Dvořáková | paní | Vážená paní Dvořáková
cs | Jana Dvořáková | paní Ing. | Vážená paní inženýrko
cs | Jan Novák | MUDr. | Jan Novák / Dobrý den | either
cs | Jan Novák | pan doktor | Vážený pane doktore
cs | Jan Novák | pan/paní | Jan Novák / Dobrý den | either
cs | Jan Novák | pan a paní | Vážená paní, vážený pane
cs | Jan a Jana Novákovi | pan a paní | Vážená paní, vážený pane
cs | Jan a Jana Novákovi | manželé | Vážená paní, vážený pane
cs | Jan Novák | Dobrý den | Dobrý den | whole
cs | Jan Novák | Dobrý den, pane Nováku | Dobrý den, pane Nováku
cs | Jan Novák | Dobré ráno pane Nováku | Dobrý den pane Nováku | hour
cs | Jan Novák | Szanowny Panie | Jan Novák / Dobrý den | foreign
cs | Jan Novák | Herr | Jan Novák / Dobrý den | foreign
cs | Jan Novák | Vazeny pane Novaku | Vazeny pane Novaku
cs | Jana Dvořáková | slečna | Vážená slečno Dvořáková
cs | Jana Dvořáková | slečno Jano | Vážená slečno Jano
cs | Firma | paní | Firma X / Dobrý den | company
cs |  | pan | Vážený pane
cs | Jan Novák | Honzo | Jan Novák / Dobrý den | strange
cs | Jan Novák | Jane | Dobrý den, Jane
el | Γιώργος Παπαδόπουλος | κ. | Γιώργος Παπαδόπουλος / Χαίρετε | either
el | Γιώργος Παπαδόπουλος | Κύριος | Αγαπητέ κύριε Παπαδόπουλε
el | Γιώργος Παπαδόπουλος | ΚΥΡΙΟΣ | Αγαπητέ κύριε Παπαδόπουλε
el | Γιώργος Παπαδόπουλος | κύριε | Αγαπητέ κύριε Παπαδόπουλε
el | Γιώργος Παππάς | κος | Αγαπητέ κύριε Παππά
el | Νίκος Αλεξίου | κύριος | Αγαπητέ κύριε Αλεξίου
el | Μαρία Παπαδοπούλου | Κυρία | Αγαπητή κυρία Παπαδοπούλου
el | Μαρία Παπαδοπούλου | ΚΑ | Αγαπητή κυρία Παπαδοπούλου
el | Μαρία Παπαδοπούλου | Αγαπητή κυρία | Αγαπητή κυρία Παπαδοπούλου | whole
el | Μαρία Παπαδοπούλου | Αγαπητή κυρία Παπαδοπούλου | Αγαπητή κυρία Παπαδοπούλου
el | Μαρία Παπαδοπούλου | κυρία Μαρία | Αγαπητή κυρία Μαρία
el | Γιώργος Παπαδόπουλος | κύριε Παπαδόπουλος | Αγαπητέ κύριε Παπαδόπουλε
el | Γιώργος Παπαδόπουλος | Αγαπητέ κύριε | Αγαπητέ κύριε Παπαδόπουλε | whole
el | Γιώργος Παπαδόπουλος | Αγαπητέ κύριος | Αγαπητέ κύριε Παπαδόπουλε | mended
el | Γιώργος Παπαδόπουλος | Καλημέρα σας | Γιώργος Παπαδόπουλος / Χαίρετε | hour
el | Γιώργος Παπαδόπουλος | Καλημέρα κύριε Παπαδόπουλε | Χαίρετε κύριε Παπαδόπουλε | hour
el | Γιώργος Παπαδόπουλος | κ.κ. | Αγαπητή κυρία, αγαπητέ κύριε
el | Γιώργος Παπαδόπουλος | Δρ. | Γιώργος Παπαδόπουλος / Χαίρετε | either
el | Γιώργος Παπαδόπουλος | Herr | Γιώργος Παπαδόπουλος / Χαίρετε | foreign
el | Γιώργος Παπαδόπουλος | Dear George | Γιώργος Παπαδόπουλος / Χαίρετε | foreign
el | ΓΙΩΡΓΟΣ ΠΑΠΑΔΟΠΟΥΛΟΣ | κύριος | Αγαπητέ κύριε
el | Παπαδόπουλος Γιώργος | κύριος | Αγαπητέ κύριε Παπαδόπουλε | moved
el | Γιώργος & Μαρία Παππά | κύριος και κυρία | Αγαπητή κυρία, αγαπητέ κύριε
el | Εταιρεία | κύριος | Firma X / Χαίρετε | company
el |  | κύριος | Αγαπητέ κύριε
el | Κώστας Ιωάννου |  | Κώστας Ιωάννου / Χαίρετε
el | Κώστας Βενιζέλος | κος | Αγαπητέ κύριε
en | Smith, John Jr. | Mr | Dear Mr Smith | moved
en | John Smith, PhD, MBA | Mr | Dear Mr Smith
en | Dr John Smith PhD | Mr | Dear Dr Smith
en | JOHN SMITH JR | MR | Dear Mr Smith
en | Sir John Smith | Sir | Dear Sir
en | Smith | Mr | Dear Mr Smith
en | Mr John Smith |  | Dear Mr Smith
en | Mr. & Mrs. Smith |  | Dear Mr. & Mrs. Smith | several
en | John & Mary Smith |  | Dear John & Mary Smith | several
en | The Smiths | Family | Dear all at Firma X | company
en | John Smith | Mr. | Dear Mr Smith
en | Anna Nowak | Ms., | Dear Ms Nowak
en | Anna Nowak | Miss Anna | Dear Miss Nowak
en | Anna Nowak | To whom it may concern | Dear Anna Nowak | strange
en | Anna Nowak | Dear customer | Dear customer | other
en | Anna Nowak | Dear Ms Nowak-Kowalska | Dear Ms Nowak-Kowalska
en | Anna Nowak | Dr. Anna Nowak | Dear Dr. Nowak
en | Anna Nowak | Anna Nowak | Dear Anna Nowak
en | Anna Nowak | Prof. | Dear Prof. Nowak
en | Anna Nowak | Eng. | Dear Anna Nowak | strange
en | Wolfgang Müller | Herr Müller | Dear Wolfgang Müller | foreign
en | Wolfgang Müller | Lieber Wolfgang | Dear Wolfgang Müller | foreign
en | Jan Novák | Vážený pane Nováku | Dear Jan Novák | foreign
en | Γιώργος Παππάς | κύριε Παππά | Dear Γιώργος Παππάς | foreign
en | Anna Nowak | Dear Pani Anno | Dear Anna Nowak | foreign
en | Anna Nowak | n/a | Dear Anna Nowak
en | Anna Nowak | - | Dear Anna Nowak
en | Anna Nowak | yes | Dear Anna Nowak | strange
en | Leonardo da Vinci | Mr | Dear Mr da Vinci
en | Ursula von der Leyen | Mrs | Dear Mrs von der Leyen
en | Oscar de la Renta | Mr | Dear Mr de la Renta
en | Conan O’Brien | Mr | Dear Mr O’Brien
en | Martin Luther King Jr. | Dr. | Dear Dr. King | doubtful
en | Mary Ann Smith | Mrs | Dear Mrs Smith
en | J.R.R. Tolkien | Prof. | Dear Prof. Tolkien
en | J. P. Morgan | Mr | Dear Mr Morgan
en | anna.nowak@example.com | Ms | Dear all at Firma X | company
en | Accounts Payable | Ms | Dear all at Firma X | company
de | Sehr geehrte Frau Müller |  | Sehr geehrte Frau Müller
de | Frau Müller |  | Sehr geehrte Frau Müller
de | Frau Anna Müller | Frau | Sehr geehrte Frau Müller
de | Anna Müller | Sehr geehrte Frau Müller, | Sehr geehrte Frau Müller
de | Anna Müller | Sehr geehrte Frau Müller! | Sehr geehrte Frau Müller
de | Anna Müller | Sehr geehrte/r Frau Müller | Guten Tag, Anna Müller | either
de | Anna Müller-Lüdenscheidt | Frau | Sehr geehrte Frau Müller-Lüdenscheidt
de | Dr. med. Anna Müller | Frau | Sehr geehrte Frau Dr. Müller
de | Prof. Dr.-Ing. habil. Max Müller | Herr | Sehr geehrter Herr Prof. Müller
de | Anna Müller, M.Sc. | Frau | Sehr geehrte Frau Müller
de | Anna Müller | Frau Dr. Müller | Sehr geehrte Frau Dr. Müller
de | Anna Müller | Herrn Dr. | Sehr geehrter Herr Dr. Müller
de | Karl-Theodor Freiherr von und zu Guttenberg | Herr | Sehr geehrter Herr Freiherr von und zu Guttenberg
de | Otto von Bismarck | Herr | Sehr geehrter Herr von Bismarck
de | von Bismarck Otto | Herr | Sehr geehrter Herr von Bismarck | moved
de | Ludwig van Beethoven | Herr | Sehr geehrter Herr van Beethoven
de | Jan de Vries | Herr | Sehr geehrter Herr de Vries
de | Familie Berg |  | Sehr geehrte Familie Berg | several
de | Familie Berg | Familie | Sehr geehrte Familie Berg | several
de | Eheleute Anna und Max Berg |  | Sehr geehrte Frau Berg, sehr geehrter Herr Berg | several
de | Anna Berg & Max Stern | Herr und Frau | Guten Tag, Anna Berg & Max Stern | several
de | Hr. Müller | Hr. | Sehr geehrter Herr Müller
de | Max Müller | Sg. Herr | Sehr geehrter Herr Müller | mended
de | Max Müller | Firma | Guten Tag, Max Müller | company
de | Müller GmbH & Co. KG | Herr | Guten Tag an alle bei Firma X | company
de | Kanzlei Müller | Frau | Guten Tag an alle bei Firma X | company
de | Max Müller | panie Müller | Guten Tag, Max Müller | foreign
de | Max Müller | Pan | Guten Tag, Max Müller | foreign
de | Max Müller | Monsieur | Guten Tag, Max Müller | strange
de | Mag. Max Müller | Herr | Sehr geehrter Herr Mag. Müller
de | DI Max Müller | Herr | Sehr geehrter Herr Müller
de | Max Müller | Hallo | Hallo | whole
de | Max Müller | Lieber Max | Lieber Max | whole
de | Max Müller | Lieber Herr | Lieber Herr Müller | whole
de | Max Müller | Dear Max | Guten Tag, Max Müller | foreign
pl | Nowak Anna | Pani Anno | Szanowna Pani Anno
pl | Anna Nowak | Szanowna Pani, | Szanowna Pani | whole
pl | Anna Nowak | SZANOWNA PANI | Szanowna Pani | whole
pl | Anna Nowak | szanowna pani anno | Szanowna Pani Anno | mended
pl | Anna Nowak | Szanowna Pani Mecenas | Szanowna Pani Mecenas | whole
pl | Anna Nowak | Pani Mecenas | Szanowna Pani Mecenas
pl | Anna Nowak | Pani Dyrektor | Szanowna Pani Dyrektor
pl | Adam Mróz | Panie Dyrektorze | Szanowny Panie Dyrektorze
pl | Adam Mróz | Pan Dyrektor | Szanowny Panie Dyrektorze
pl | Adam Mróz | Pan mgr inż. | Szanowny Panie Inżynierze
pl | Adam Mróz | mgr inż. | Adam Mróz / Dzień dobry | either
pl | Adam Mróz | inż. | Adam Mróz / Dzień dobry | either
pl | Adam Mróz | prof. dr hab. | Adam Mróz / Dzień dobry | either
pl | prof. dr hab. n. med. Adam Mróz | Pan | Szanowny Panie
pl | Adam Mróz | Pan Adam Mróz | Szanowny Panie | vocative
pl | Adam Mróz | Pan Mróz | Szanowny Panie | vocative
pl | Adam Mróz | Panie Mróz | Szanowny Panie | vocative
pl | Anna Kowalska | Pani Kowalska | Szanowna Pani Kowalska
pl | Anna Kowalska | Szanowna Pani Kowalska | Szanowna Pani Kowalska
pl | Anna Kowalska-Nowak | Pani Aniu | Szanowna Pani Aniu | other
pl | Państwo Nowak | Państwo | Szanowni Państwo
pl | Anna i Jan Nowakowie | Państwo Nowakowie | Szanowni Państwo Nowakowie
pl | Anna Nowak | Ms | Anna Nowak / Dzień dobry | foreign
pl | Anna Nowak | Frau | Anna Nowak / Dzień dobry | foreign
pl | Jan Novák | pane Nováku | Jan Novák / Dzień dobry | foreign
pl | Jan Novák | pan | Szanowny Panie
pl | Anna Nowak | Droga Anno | Droga Anno | whole
pl | Anna Nowak | Witam | Witam | whole
pl | Anna Nowak | Witam Panią | Szanowna Pani | mended
pl | Adam Mróz | Drogi Panie | Drogi Panie | whole
pl | Adam Mróz | Panowie | Szanowni Panowie
pl | Anna Nowak | Firma | Anna Nowak / Dzień dobry | company
pl | Firma Kropka Anna Nowak | Pani | Firma X / Dzień dobry | company
pl | Kropka Sp. z o.o. | Pan | Firma X / Dzień dobry | company
pl | Anna Nowak | Sz. Pani | Szanowna Pani | mended
pl | Anna Nowak | Szan. Pani | Szanowna Pani | mended
pl | Anna Nowak | p. Anna | Anna Nowak / Dzień dobry | either
pl | Anna Nowak | ks. | Anna Nowak / Dzień dobry | either
pl | ks. Jan Nowak | Ksiądz | ks. Jan Nowak / Dzień dobry | strange
cs | Novák Jan | pan | Vážený pane
cs | NOVÁK Jan | pan | Vážený pane
cs | Jan Novák | Pan | Vážený pane
cs | Jan Novák | pan Jan Novák | Vážený pane | vocative
cs | Jan Novák | pane Jane | Vážený pane Jane
cs | Jan Novák | Vážený pane, | Vážený pane | whole
cs | Jan Novák | Vážený pan | Vážený pane
cs | Jana Nováková | Vážená paní | Vážená paní Nováková | whole
cs | Jana Nováková | paní Nováková | Vážená paní Nováková
cs | Jana Nováková | paní inženýrko | Vážená paní inženýrko
cs | Jana Nováková | pani | Jana Nováková / Dobrý den | foreign
cs | Jana Nováková | paní doktorka | Vážená paní doktorko
cs | Ing. arch. Jan Novák | pan | Vážený pane inženýre
cs | MUDr. Jana Nováková, Ph.D. | paní | Vážená paní doktorko
cs | Bc. Jan Novák, DiS. | pan | Vážený pane
cs | doc. Ing. Jan Novák, CSc. | pan | Vážený pane docente
cs | Jan Novák ml. | pan | Vážený pane
cs | JUDr. Jan Novák | JUDr. | JUDr. Jan Novák / Dobrý den | either
cs | Jan Novák | Ing. Novák | Jan Novák / Dobrý den | strange
cs | Jan a Eva Novákovi | Vážení | Jan a Eva Novákovi / Dobrý den | strange
cs | Jan a Eva Novákovi | manželé Novákovi | Vážení manželé Novákovi
cs | Jan Novák | Vážení | Jan Novák / Dobrý den | strange
cs | Jan Novák | Dear Jan | Jan Novák / Dobrý den | foreign
cs | Jan Novák | Pan Novák | Vážený pane | vocative
cs | Jan Novák | Mr | Jan Novák / Dobrý den | foreign
cs | Jan Novák | Sehr geehrter Herr Novák | Jan Novák / Dobrý den | foreign
cs | Firma | pan | Firma X / Dobrý den | company
cs | Novák s.r.o. | pan | Firma X / Dobrý den | company
cs | Jan Novák | Ahoj Honzo | Ahoj Honzo | other
cs | Jan Jarní | pan | Vážený pane Jarní
cs | Petra Janů | paní | Vážená paní
cs | Alena Smith | paní | Vážená paní
cs | Jan Novák | Milý Jene | Milý Jene | other
el | Παπαδόπουλος Γ. | κ. | Γ. Παπαδόπουλος / Χαίρετε | either
el | Παπαδόπουλος, Γιώργος | κύριος | Αγαπητέ κύριε Παπαδόπουλε | moved
el | Δρ. Γιώργος Παπαδόπουλος | κύριος | Αγαπητέ κύριε Παπαδόπουλε
el | Γιώργος Παπαδόπουλος | κ. Παπαδόπουλος | Γιώργος Παπαδόπουλος / Χαίρετε | either
el | Γιώργος Παπαδόπουλος | κ. Παπαδόπουλε | Γιώργος Παπαδόπουλος / Χαίρετε | either
el | Γιώργος Παπαδόπουλος | κύριε Παπαδόπουλε | Αγαπητέ κύριε Παπαδόπουλε
el | Γιώργος Παπαδόπουλος | Κύριε | Αγαπητέ κύριε Παπαδόπουλε
el | Γιώργος Παπαδόπουλος | κύριε καθηγητά | Αγαπητέ κύριε καθηγητά
el | Γιώργος Παπαδόπουλος | Αξιότιμε κύριε Παπαδόπουλε | Αξιότιμε κύριε Παπαδόπουλε
el | Γιώργος Παπαδόπουλος | Αξιότιμε κύριε | Αξιότιμε κύριε Παπαδόπουλε | whole
el | Γιώργος Παπαδόπουλος | Κύριοι | Αγαπητοί κύριοι
el | Ελένη Παππά | Κυρία | Αγαπητή κυρία Παππά
el | Ελένη Παππά | δεσποινίς | Αγαπητή δεσποινίδα Παππά
el | Ελένη Παππά | Κα. Παππά | Αγαπητή κυρία Παππά
el | Ελένη Παππά | κυρια | Αγαπητή κυρία Παππά
el | Ελένη Παππά | Αγαπητή Ελένη | Αγαπητή Ελένη | whole
el | Ελένη Παππά | Ελένη | Χαίρετε, Ελένη
el | Ελένη Παππά | Ms | Ελένη Παππά / Χαίρετε | foreign
el | Ελένη Παππά | paní | Ελένη Παππά / Χαίρετε | foreign
el | Νίκος Καρράς | ΚΟΣ | Αγαπητέ κύριε Καρρά
el | Νίκος Κωνσταντίνου | κος | Αγαπητέ κύριε Κωνσταντίνου
el | Νίκος & Ελένη Παππά | κ.κ. | Αγαπητή κυρία, αγαπητέ κύριε
el | Εταιρεία Α.Ε. | Κύριος | Firma X / Χαίρετε | company
el | Γιώργος Παπαδόπουλος | Καλησπέρα | Γιώργος Παπαδόπουλος / Χαίρετε | hour
el | Γιώργος Παπαδόπουλος | Γεια σας | Γεια σας | whole
en | Smith-Jones, Anna | Dr | Dear Dr Smith-Jones | moved
en | Nowak-Kowalska Anna | Ms | Dear Ms Nowak-Kowalska | moved
en | van der Berg Jan | Mr | Dear Mr van der Berg | moved
en | Müller, Dr. Max | Mr | Dear Dr. Müller | moved
en | Anna Nowak, CEO | Ms | Dear Ms Nowak
en | Mr. Smith | Mr. | Dear Mr Smith
en | Ms Anna Nowak | Ms | Dear Ms Nowak
en | A. Nowak | Ms | Dear Ms Nowak
en | Nowak A. | Ms | Dear Ms Nowak | moved
en | Anna Maria Nowak-Kowalska, PhD | Dr | Dear Dr Nowak-Kowalska
en | Anna Nowak | Mr. | Dear Mr Nowak
en | Anna and John Nowak | Mr and Mrs | Dear Mr and Mrs Nowak | several
en | Mr and Mrs Nowak |  | Dear Mr and Mrs Nowak | several
en | Smith & Sons | Mr | Dear all at Firma X | company
en | Anna Nowak | Mgr. | Dear Anna Nowak | foreign
en | Anna Nowak | JUDr. | Dear Anna Nowak | foreign
en | Anna Nowak | Dear Sir/Madam | Dear Sir/Madam | whole
en | Anna Nowak | Dear all | Dear all | whole
en | Anna Nowak | Hello Anna | Hello Anna | whole
en | Anna Nowak | dear ms nowak | Dear Ms Nowak | mended
de | Müller, Dr. Max | Herr | Sehr geehrter Herr Dr. Müller | moved
de | Müller-Schmidt Anna | Frau | Sehr geehrte Frau Müller-Schmidt | moved
de | Dr. Müller | Herr | Sehr geehrter Herr Dr. Müller
de | Dr. Müller |  | Guten Tag, Dr. Müller
de | Anna Nowak | Dr | Guten Tag, Dr Nowak
de | Anna Nowak | Hallo Frau Nowak | Hallo Frau Nowak
de | Anna Nowak | Liebe Frau Nowak | Liebe Frau Nowak
de | Anna Nowak | Werte Frau | Werte Frau Nowak | whole
de | A. Müller | Frau | Sehr geehrte Frau Müller
de | Max Müller MBA | Herr | Sehr geehrter Herr Müller
de | Max Müller | Herr Ing. | Sehr geehrter Herr Ing. Müller
de | Frau Dr. Anna Nowak |  | Sehr geehrte Frau Dr. Nowak
de | Max & Anna Müller | Familie | Sehr geehrte Familie Müller | several
de | zu Guttenberg | Herr | Sehr geehrter Herr zu Guttenberg
pl | Kowalska-Nowak Anna | Pani | Szanowna Pani
pl | Anna Nowak, radca prawny | Pani | Szanowna Pani
pl | Anna Nowak | Pani mgr | Szanowna Pani
pl | Adam Mróz | Pan inż. | Szanowny Panie Inżynierze
pl | adw. Adam Mróz | Pan | Szanowny Panie
pl | Adam Mróz | Szanowny Panie Mecenasie | Szanowny Panie Mecenasie
pl | Adam Mróz | Mecenas | Adam Mróz / Dzień dobry | either
pl | Anna Nowak | pani | Szanowna Pani
pl | Anna Nowak | PANI | Szanowna Pani
pl | Anna Nowak | Pani. | Szanowna Pani
pl | Anna Nowak | Szanowna Pani Anna | Szanowna Pani Anna | whole
pl | Anna Nowak | Pani Ania | Szanowna Pani Ania | other
pl | Anna Nowak | Vážená paní | Anna Nowak / Dzień dobry | foreign
pl | Anna Nowak | Αγαπητή | Anna Nowak / Dzień dobry | foreign
cs | Nováková Jana | paní | Vážená paní Nováková | moved
cs | Jana Nováková-Malá | paní | Vážená paní Nováková-Malá
cs | Jana Novotná | paní | Vážená paní Novotná
cs | Jana Nováková | Paní | Vážená paní Nováková
cs | Jana Nováková | PANÍ | Vážená paní Nováková
cs | Novotný, Jan | pan | Vážený pane Novotný | moved
cs | Ing. Jan Novotný | pan | Vážený pane inženýre
cs | Jan Novák | p. Novák | Jan Novák / Dobrý den | either
cs | Jan Novák | Mgr. | Jan Novák / Dobrý den | either
cs | Jan Novák | Pane Nováku | Vážený pane Nováku
cs | Jan Novák | pane nováku | Vážený pane Nováku
cs | Jan Novák | Dobrý den pane Nováku, | Dobrý den pane Nováku
cs | Jan Novák | Szanowny Pan | Jan Novák / Dobrý den | foreign
el | Παπαδόπουλος Γιώργος | Κος | Αγαπητέ κύριε Παπαδόπουλε | moved
el | Γιώργος Παπαδάκης | κύριος | Αγαπητέ κύριε Παπαδάκη
el | Γιώργος Ανδρέου | κύριος | Αγαπητέ κύριε Ανδρέου
el | Μαρία Παπαδάκη | Κα | Αγαπητή κυρία Παπαδάκη
el | Γεωργίου Μαρία | κα | Αγαπητή κυρία Γεωργίου | moved
el | Αλεξάνδρου Γεωργία | κυρία | Αγαπητή κυρία Αλεξάνδρου | moved
el | Δημήτρης Γεωργίου | Κος | Αγαπητέ κύριε Γεωργίου
el | Μαρία Παπαδοπούλου | Αγαπητή κα Παπαδοπούλου | Αγαπητή κυρία Παπαδοπούλου | mended
el | Μαρία Παπαδοπούλου | Αγαπητή κα. Παπαδοπούλου | Αγαπητή κυρία Παπαδοπούλου | mended
el | Γιώργος Παπαδόπουλος | Αγαπητέ κε Παπαδόπουλε | Αγαπητέ κύριε Παπαδόπουλε | mended
el | Γιώργος Παπαδόπουλος | Αξιότιμε κ. Παπαδόπουλε | Αξιότιμε κ. Παπαδόπουλε
pl | Anna Nowak | K | Anna Nowak / Dzień dobry | strange
pl | Anna Nowak | W.P. | Anna Nowak / Dzień dobry | strange
cs | Jana Nováková | Ž | Jana Nováková / Dobrý den | strange
el | Νίκος Παύλου | Α | Νίκος Παύλου / Χαίρετε | strange
de | Max Berg | Herr Maier | Sehr geehrter Herr Maier | other
pl | Anna Kowalska | Pani Kowalczyk | Szanowna Pani Kowalczyk | other
cs | Jan Němec | pane Němče | Vážený pane Němče
pl | Ewa Wilk | Pani Ewo | Szanowna Pani Ewo
de | Frau Öxl, Herr Müller |  | Guten Tag, Frau Öxl, Herr Müller | several
de | Müller, Frau |  | Sehr geehrte Frau Müller | moved
de | Müller, Herr Thomas |  | Sehr geehrter Herr Müller | moved
de | z.Hd. Frau Nowak |  | Sehr geehrte Frau Nowak
de | c/o Max Berg | Herr | Sehr geehrter Herr Berg
de | Freiherr Max von Berg | Herr | Sehr geehrter Herr Freiherr von Berg
de | Anna-Lena Meyer zu Schlochtern | Frau | Sehr geehrte Frau Meyer zu Schlochtern
de | Max Huber von Berg | Herr | Sehr geehrter Herr von Berg | doubtful
de | Johann Wolfgang von Goethe | Herr | Sehr geehrter Herr von Goethe
de | Herr Max Berg | Frau | Guten Tag, Max Berg | gender
pl | Państwo Kot | Pan | Kot / Dzień dobry | gender
en | Mrs Anna Nowak | Mr | Dear Anna Nowak | gender
de | Herr Max Berg | Herr | Sehr geehrter Herr Berg
en | Smith Family | Family | Dear Smith family | several
de | #NV | Frau | Guten Tag an alle bei Firma X | company
en | #N/A | #N/A | Dear all at Firma X | company
en | Nora V |  | Dear Nora V | moved
en | Anna Nowak | Dear Mr. or Mrs. Nowak | Dear Anna Nowak | either
en | Anna Nowak | dear Anna and Tom | Dear Anna and Tom | whole
en | Anna Nowak; Jan Kot | Ms | Dear Anna Nowak; Jan Kot | several
en | Anna Nowak - Director | Ms | Dear Ms Nowak-Director | doubtful
en | Nguyen Van An | Mr | Dear Mr Nguyen | moved
de | Anna Berg geb. Müller | Frau | Sehr geehrte Frau Berg
pl | Anna Kot, Jan Kot | Pani | Anna Kot, Jan Kot / Dzień dobry | several
pl | Kot, Anna | Pani | Szanowna Pani
cs | SVJ Dlouhá 5 |  | Firma X / Dobrý den | company
en | Anna Nowak | Dear {{ name }} | Dear Anna Nowak | strange
de | Max Berg (verstorben) | Herr | Guten Tag an alle bei Firma X | dead
de | Max Berg † | Herr | Guten Tag an alle bei Firma X | dead
en | Max Berg | deceased | Dear all at Firma X | dead
pl | ?ukasz Nowak | Pan | Firma X / Dzień dobry | broken
pl | Ma�gorzata Nowak | Pani | Firma X / Dzień dobry | broken
cs | Jana Nováková | pan | Jana Nováková / Dobrý den | gender
cs | Jana Nováková | Vážený pane | Jana Nováková / Dobrý den | gender
pl | Jan Wiśniewski | Szanowna Pani | Jan Wiśniewski / Dzień dobry | gender
de | Anna Kowalski | Frau | Sehr geehrte Frau Kowalski
el | Γιώργος Παπαδόπουλος | Αγαπητή κυρία | Γιώργος Παπαδόπουλος / Χαίρετε | gender
"""


def rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in f"{row} ".split(" | ")] for row in text.strip().splitlines()]


def contact(language: str, person: str, salutation: str) -> Contact:
    return Contact("x", "Firma X", person, salutation, language=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_greeting_is_what_a_speaker_of_the_language_expects(language: str) -> None:
    wrong = []
    for row in rows(PEOPLE_WRITE) + rows(ALSO):
        if row[0] == language:
            text = LANGUAGES[language].greet(contact(language, row[1], row[2])).replace("\n\n", " / ")
            if text != row[3]:
                wrong.append((row, text))
    assert wrong == []


def test_a_greeting_that_stands_before_the_name_is_no_part_of_it() -> None:
    assert greeting("en", contact("en", "Dear Anna", "Pani")).text == "Dear Anna"
    assert greeting("de", contact("de", "Sehr geehrte Frau Müller", "")).text == "Sehr geehrte Frau Müller"


def test_what_is_unusual_has_its_reason_and_what_is_usual_has_none() -> None:
    wrong = []
    for row in rows(ALSO):
        why = greeting(row[0], contact(*row[:3])).unusual
        if why != (row[4] if len(row) > 4 else ""):
            wrong.append((row, why))
    assert wrong == []
    assert all(say() for say in WHYS.values())


def test_no_cell_breaks_a_greeting_or_doubles_its_beginning() -> None:
    chance = random.Random(17)
    words = sorted(
        {each for usage in USAGES.values() for each in (*usage.openings, *usage.forms, *usage.titles)}
    )
    words += [
        "Anna",
        "Nowak",
        "von",
        "und",
        "&",
        "Jr.",
        ",",
        "(x)",
        "/",
        "-",
        "GmbH",
        "Παππάς",
        "i",
        "a",
        "A.",
        "NOWAK",
        "",
    ]
    wrong = []
    for _ in range(3000):
        person, cell = (" ".join(chance.choices(words, k=chance.randint(0, 5))) for _ in range(2))
        language = chance.choice([*USAGES])
        found = greeting(language, contact(language, person, cell))
        lines = found.text.split("\n\n")
        doubled = "Dear Dear" in found.text and "dear" not in person.split()[1:]
        if not found.text.strip() or "\n" in lines[0] or len(lines) > 2 or doubled:
            wrong.append((language, person, cell, found))
    assert wrong == []


LIST = """\
name,person,salutation,email,language
Firma A,Anna Nowak,Ms,a@example.com,en
Firma B,Jan Novák,pane Nováku,b@example.com,en
Firma C,John Smith Jr.,Mr,c@example.com,en
Firma D,Ute Öxl,Frau,d@example.com,de
Firma E,Adam Mróz,P.,e@example.com,pl
Firma F,Anna Nowak,Dear Ms Kowalska,f@example.com,en
Firma G,Nowak Anna,Ms,g@example.com,en
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_office(tmp_path_factory.mktemp("office"), None, LIST)


def bcp(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    surroundings = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "NO_COLOR": "1", "BCP_PERSON": "anna"}
    return quick.run(arguments, place, surroundings, subprocess.DEVNULL, timeout=60)


def test_all_greetings_are_listed_the_unusual_first_each_with_its_reason(place: Path) -> None:
    said = bcp(place, "notice", "greetings", "clients")
    lines = said.stdout.splitlines()
    assert said.returncode == 0 and len(lines) == 7
    assert lines[0].startswith("Dear Ms Kowalska,  ← Firma F (Anna Nowak)  (the greeting names somebody else")
    assert lines[1].startswith("Dear Jan Novák,") and lines[1].endswith('than the letter: "pane Nováku")')
    assert lines[2].startswith("Adam Mróz | Dzień dobry,  ← Firma E")
    assert [line for line in lines[4:] if "(Firma" in line or ": " in line] == []
    assert "7 greetings, 4 of them unusual." in said.stderr
    found = json.loads(bcp(place, "notice", "greetings", "line-down", "clients", "--json").stdout)
    assert found[0] == {
        "contact": "firma-f-anna-nowak",
        "language": "en",
        "greeting": "Dear Ms Kowalska",
        "why": 'the greeting names somebody else than the contact list does: "Dear Ms Kowalska"',
    }
    assert bcp(place, "notice", "greetings", "one", "two", "three").returncode == 2


def test_the_plan_and_the_check_of_contacts_point_to_unusual_greetings(place: Path) -> None:
    said = bcp(place, "notice", "plan", "line-down", "clients", "--channel", "file").stdout
    assert "Unusual greetings: 4" in said and said.count("←") == 3
    assert "and 1 more: bcp notice greetings line-down clients" in said
    assert (
        "Unusual greetings: 4. Look at them: bcp notice greetings all"
        in bcp(place, "contact", "check").stderr
    )
    assert json.loads(bcp(place, "contact", "check", "--json").stdout)["unusual_greetings"] == 4


def test_a_sending_that_goes_on_does_not_show_its_greetings_again(place: Path) -> None:
    from bcp.notice.campaign.greetings import unusual_words

    post = post_room(place)
    first = post.prepare(affair(), order())
    assert unusual_words(first)
    post.freeze(first)
    assert unusual_words(post.prepare(affair(), order())) == []
