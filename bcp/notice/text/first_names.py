"""First names that are frequent in our languages: they tell which word of a name is the surname, and nothing else.

`Nowak Anna` is a name with the surname first, because Anna stands here and Nowak does not. No gender is guessed from a
name. The lists are the most frequent names of the last generations, from the statistics of the registry offices
(dane.gov.pl, Ministerstvo vnitra ČR, Gesellschaft für deutsche Sprache, Office for National Statistics) and the
Greek name days.
"""

from __future__ import annotations

from bcp.notice.text.greeting_words import bald

_NAMES = """
Adam Adrian Agata Agnieszka Aleksander Aleksandra Alicja Andrzej Aneta Anna Antoni Artur Barbara Bartosz
Bartłomiej Beata Bogdan Bogusław Bożena Cezary Czesław Dagmara Damian Daniel Danuta Dariusz Dominik Dominika
Dorota Edward Edyta Elżbieta Emilia Ewa Ewelina Filip Franciszek Gabriela Grażyna Grzegorz Halina Hanna
Helena Henryk Ignacy Irena Iwona Izabela Jacek Jadwiga Jakub Jan Janina Janusz Jarosław Jerzy Joanna Jolanta
Józef Julia Justyna Kamil Karol Karolina Katarzyna Kazimierz Kinga Klaudia Konrad Krystyna Krzysztof Leszek
Lucyna Łukasz Maciej Magda Magdalena Małgorzata Marcin Marek Maria Marian Mariusz Marta Mateusz Michał
Mieczysław Mikołaj Mirosław Mirosława Monika Natalia Norbert Oliwia Patrycja Patryk Paulina Paweł Piotr
Przemysław Radosław Rafał Renata Robert Roman Ryszard Sebastian Sławomir Stanisław Stefan Sylwia Szymon
Tadeusz Teresa Tomasz Urszula Wacław Waldemar Wanda Weronika Wiesław Wiktor Wioletta Witold Władysław
Wojciech Zbigniew Zdzisław Zofia Zuzanna Zygmunt Żaneta Bronisława Lidia Adéla Alena Aleš Alois Alžběta
Andrea Antonín Barbora Blanka Bohumil Bohuslav Bořek Božena Dagmar Dana David Denisa Drahomíra Dušan Eliška
Eva František Hana Hynek Ilona Iva Ivan Ivana Iveta Ivo Jana Jaromír Jaroslav Jaroslava Jarmila Jindřich
Jiří Jiřina Jitka Josef Julie Kamila Karel Karla Kateřina Klára Kristýna Květa Ladislav Lenka Libor Libuše
Lucie Luboš Ludmila Luděk Lukáš Marcela Marie Markéta Martin Martina Matěj Michal Michaela Milan Milena
Miloslav Miloš Miluše Miroslav Miroslava Naděžda Natálie Nikola Olga Ondřej Otakar Pavel Pavla Pavlína Petr
Petra Radek Radim Radka Richard Romana Rostislav Růžena Simona Soňa Stanislav Stanislava Svatopluk Šárka
Štefan Štěpán Šimon Tereza Tomáš Vendula Václav Věra Veronika Vít Vítězslav Viktor Vladimír Vladimíra Vlasta
Vlastimil Vojtěch Vratislav Zbyněk Zdeněk Zdeňka Zdena Zuzana Žaneta Achim Alexander Alexandra Alfred
Andreas Angelika Anja Anke Anneliese Annette Anton Antje Axel Bastian Beate Benjamin Bernd Bernhard Bettina
Birgit Björn Brigitte Britta Carina Carsten Charlotte Christa Christian Christiane Christina Christine
Christoph Claudia Claus Cornelia Daniela Detlef Dieter Dirk Doris Dorothea Elfriede Elisabeth Elke Emma
Erich Erika Erwin Fabian Felix Florian Frank Franz Friedrich Gabriele Georg Gerda Gerhard Gisela Gudrun
Günter Günther Hannah Hannes Hans Harald Heike Heiko Heinrich Heinz Helga Helmut Herbert Hermann Hildegard
Holger Horst Ilse Inge Ingeborg Ingo Ingrid Irmgard Jens Jessica Joachim Jochen Johanna Johannes Jonas Jörg
Julian Jürgen Jutta Kai Karin Karl Karsten Katharina Kathrin Katja Katrin Kerstin Kevin Klaus Klara Kristin
Kurt Lars Laura Lena Leon Leonie Lisa Lothar Ludwig Lukas Lutz Manfred Manuela Marcel Marco Margarete Margit
Marianne Mario Marion Markus Matthias Max Maximilian Melanie Michael Nadine Nicole Nils Nina Olaf Oliver
Oskar Patrick Paul Peter Philipp Rainer Ralf Regina Reinhard Renate Roland Rolf Rosemarie Rudolf Rüdiger
Sabine Sabrina Sandra Sarah Silke Silvia Simon Simone Sonja Sophie Stefanie Steffen Susanne Sven Tanja
Theresa Thomas Thorsten Tim Tobias Torsten Udo Ulrich Ulrike Ursula Ute Uwe Vanessa Vera Verena Volker
Walter Waltraud Werner Wilhelm Willi Wolfgang Yvonne Aaron Abigail Alan Albert Alice Alison Amanda Amelia
Amy Andrew Angela Ann Anne Annie Anthony Arthur Ashley Barry Beth Bill Bob Brenda Brian Bruce Bryan Carl
Carol Caroline Catherine Charles Cheryl Chloe Chris Christopher Clare Claire Colin Craig Cynthia Daisy
Darren Dave Dean Deborah Debra Denise Dennis Derek Diana Diane Donald Donna Dorothy Douglas Dylan Eileen
Elaine Eleanor Elizabeth Ella Ellen Emily Eric Ethan Eve Fiona Frances Gail Gareth Gary Gavin Gemma George
Geoffrey Gerald Gillian Glenn Grace Graham Greg Gregory Harriet Harry Hazel Heather Helen Henry Holly Howard
Hugh Ian Isabella Jack Jacqueline Jake James Jane Janet Janice Jason Jean Jeff Jeffrey Jennifer Jeremy Jill
Jim Joan Joanne Joe John Jonathan Joseph Joshua Joyce Judith Judy June Karen Kate Katherine Kathleen Keith
Kelly Kenneth Kim Kimberly Kirsty Kyle Larry Lauren Leah Lee Leonard Leslie Lewis Liam Linda Liz Louise Lucy
Lynn Madison Malcolm Margaret Mark Mary Matthew Megan Melissa Michelle Mike Mohammed Molly Nancy Natalie
Neil Nicholas Nicola Nigel Olivia Oscar Pamela Patricia Paula Pauline Philip Phillip Rachel Ralph Raymond
Rebecca Robin Roger Ronald Rosemary Ross Roy Russell Ruth Ryan Sally Samantha Samuel Sara Sean Sharon
Shirley Sophia Stephanie Stephen Steve Steven Stuart Susan Suzanne Sylvia Terry Theodore Timothy Tina Toby
Tony Tracy Trevor Valerie Victoria Vincent Virginia Wayne Wendy William Zoe Alex Andy Tom Dan Ben Sam Matt
Nick Αγγελική Αθανάσιος Αθανασία Αικατερίνη Αλέξανδρος Αλεξάνδρα Αναστάσιος Αναστασία Ανδρέας Άννα Αντώνης
Αντώνιος Αντωνία Αργύρης Αριστείδης Ασπασία Άγγελος Άρης Βαγγέλης Βαρβάρα Βασίλης Βασίλειος Βασιλική Βίκυ
Γεώργιος Γεωργία Γιάννης Γιώργος Γρηγόρης Δέσποινα Δημήτρης Δημήτριος Δήμητρα Διονύσης Ειρήνη Ελένη
Ελευθερία Ελευθέριος Ελισάβετ Εμμανουήλ Ευάγγελος Ευαγγελία Ευγενία Εύα Ευτυχία Ζωή Ηλίας Ηρακλής Θανάσης
Θεόδωρος Θεοδώρα Θωμάς Ιάσονας Ιωάννα Ιωάννης Καλλιόπη Κατερίνα Κυριάκος Κυριακή Κωνσταντίνα Κωνσταντίνος
Κώστας Λάμπρος Λεωνίδας Λευτέρης Λουκία Μαγδαληνή Μανώλης Μάρθα Μαργαρίτα Μαρία Μαρίνα Μάριος Μάρκος Μιχάλης
Μιχαήλ Μυρτώ Νικόλαος Νίκος Νίκη Νικολέτα Όλγα Ουρανία Παναγιώτα Παναγιώτης Παρασκευή Παύλος Πέτρος Πηνελόπη
Ράνια Ρένα Σάββας Σοφία Σπύρος Σπυρίδων Σταμάτης Σταύρος Σταυρούλα Στέλιος Στέλλα Στέφανος Στυλιανός Σωτήρης
Σωτηρία Τάσος Φανή Φίλιππος Φωτεινή Φώτης Χαράλαμπος Χαρά Χρήστος Χριστίνα Χρύσα Anastasia Dimitris Eleni
Giannis Giorgos Katerina Kostas Nikos Vasilis
"""
FIRST_NAMES = frozenset(bald(name) for name in _NAMES.split())
"""As they are compared: small letters without accents."""


def is_first_name(word: str) -> bool:
    """Whether this word, or each part of it (Anna-Maria), is a frequent first name."""
    return all(bald(part) in FIRST_NAMES for part in word.split("-") if part)
