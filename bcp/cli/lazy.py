"""The nouns of the command line; the module of a noun is imported when it is named, so that starting stays cheap."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from typer import Abort
from typer.core import TyperGroup
from typer.main import get_command as build
from typer.main import get_command_name, get_group

from bcp.errors import InputError
from bcp.i18n import _

NOUNS = {
    "init": "Make an office folder: bcp.yaml, runbooks, checks, contacts.",
    "validate": "Read everything and report every mistake of every file.",
    "incident": "A real incident: begin it, go on, see where it stands, close it.",
    "drill": "A rehearsal: the same steps, and nothing leaves this computer.",
    "runbook": "The plans: what there is, what they say, whether they hold.",
    "check": "The things that are looked at, and how they are.",
    "watch": "Look at the checks for as long as it lives, and tell what changed.",
    "contact": "Whom we may have to tell, and whether we could.",
    "notice": "The approved texts, and telling everyone with them.",
    "inbox": "What clients answered, and who looks after it.",
    "decision": "The questions with a deadline, and what was decided.",
    "promise": "What providers promised, by when, and whether they kept it.",
    "cost": "What an incident cost us, each amount with its receipt.",
    "followup": "What is to be mended after an incident, who does it, by when.",
    "claim": "What a provider owes us for an outage, and the papers to ask for it.",
    "line": "The lines that the office works over, and their providers.",
    "number": "The phone numbers that people know, and how their calls are forwarded.",
    "place": "The places where our numbers and addresses can be read.",
    "print": "Paper: sheets, cards, the grab bag; and whether a page is still true.",
    "support": "Pack what somebody needs who helps with this tool; no contacts, letters or secrets.",
    "demo": "Play a whole outage on a sample office, in half a minute.",
}


_MODULES = {
    **{name: name for name in ("init", "validate", "runbook", "watch", "demo", "support")},
    "drill": "incident.drill",
    **{name: f"ledger.{name}" for name in ("decision", "promise", "cost", "followup")},
}
"""Where the module of a noun is, if not in a folder of its name."""

FIRST = {
    "bcp incident start": "Be led through it step by step.",
    "bcp incident status": "See where it stands and what is next.",
    "bcp incident resume": "Go on after an interruption.",
}
_LACKS = {
    "note": ' "WHAT WAS SAID"',
    "step": " done STEP",
    "amend": " --fact NAME=VALUE",
    "undo": " MEASURE",
    "redo": " MEASURE",
}
"""What a verb cannot do without."""
_OF_INCIDENT = "start resume status undo redo close list log note step amend verify report"


def _refuse_verb_alone(word: str) -> None:
    """Raises InputError for what people type in a hurry: a verb without its noun, or "help"."""
    if word == "help":
        raise InputError(_('there is no command "{word}"').format(word=word), _("the help: bcp -h"))
    if word in _OF_INCIDENT.split():
        raise InputError(
            _('there is no command "{word}"').format(word=word),
            _("did you mean: bcp incident {word}   or, rehearsed: bcp drill {word}").format(
                word=word + _LACKS.get(word, "")
            ),
        )


class Verbs(TyperGroup):
    """A noun with its verbs."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The first paragraph of each verb's help."""
        told = {name: (verb.help or "").partition("\n\n")[0] for name, verb in self.commands.items()}
        with formatter.section("Commands"):
            formatter.write_dl([(name, " ".join(words.split())) for name, words in told.items()])


class Nouns(TyperGroup):
    """A group whose commands are looked up by name in this folder."""

    def __init__(self, **settings: Any) -> None:
        """As its parent; the names are known at once, so that a slip of the keys gets a suggestion."""
        super().__init__(**settings)
        self.commands: dict[str, Any] = dict.fromkeys(NOUNS)
        self._verb = ""

    def list_commands(self, ctx: Any) -> list[str]:
        """The nouns, in the order of the help."""
        return list(NOUNS)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """As its parent; the verb is remembered, which stands behind the noun."""
        self._verb = args[1] if len(args) > 1 else ""
        if args and args[0] not in NOUNS and not ctx.resilient_parsing:
            _refuse_verb_alone(args[0])
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """As its parent; but Ctrl-C is told by `main`, while typer would end without a word."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Abort from None

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a noun, built now."""
        if cmd_name not in NOUNS:
            return None
        module = import_module(f"bcp.cli.{_MODULES.get(cmd_name, f'{cmd_name}.commands')}")
        noun = module.app
        # Help looks the same everywhere, and completion is installed for `bcp`, not for one noun of it.
        noun.rich_markup_mode = None
        noun._add_completion = False
        noun.info.cls = noun.info.cls if isinstance(noun.info.cls, type) else Verbs
        command = self._with_one_verb(noun)
        if command is None:
            # A noun of many verbs loads first those that are wanted in a hurry.
            getattr(module, "load_the_rest", lambda: None)()
            command = self._with_one_verb(noun) or build(noun)
        command.name = cmd_name
        return command

    def _with_one_verb(self, noun: Any) -> Any:
        """The noun with no verb but the one that is given: to make the others costs a tenth of the start-up."""
        every = noun.registered_commands
        given = [
            each for each in every if (each.name or get_command_name(each.callback.__name__)) == self._verb
        ]
        if len(every) < 2 or len(given) != 1 or noun.info.cls is not Verbs:
            return None
        noun.registered_commands = given
        try:
            return get_group(noun)
        finally:
            noun.registered_commands = every

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The help's list of nouns, made without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(NOUNS.items()))
        with formatter.section("When something has happened"):
            formatter.write_dl(list(FIRST.items()))
