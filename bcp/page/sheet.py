"""The parts of a sheet; the runbook sheet, the role sheet and the incident copy are made of the same ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from bcp.normalize import say_phone
from bcp.page import content as said
from bcp.page.blocks import (
    AnswerBlock,
    Beside,
    Block,
    Box,
    Break,
    Column,
    ContactBlock,
    ContactsBlock,
    DecisionBlock,
    EndBlock,
    Field,
    Form,
    Heading,
    Lines,
    Steps,
    TableBlock,
    TextBlock,
    Tick,
)
from bcp.page.facts import Facts
from bcp.page.labels import Labels
from bcp.page.phone import LINE, dial
from bcp.page.progress import Filled
from bcp.runbook.compiled import PlanLine

_LOG_ROWS = 20
_FREE_LOG_ROWS = 5
_PROMISE_ROWS = 8
_FREE_PROMISE_ROWS = 3
_EMPTY_MEASURES = 4
_IMPROVEMENTS = 8


class Sheet:
    """One runbook as blocks, part by part; blank, or with what a running incident writes into it."""

    def __init__(self, content: Mapping[str, Any], words: Labels, filled: Filled | None = None) -> None:
        """`content` as `bcp.page.content.sheet` makes it."""
        self.content = content
        self.words = words
        self.filled = filled or Filled()
        self.numbers = said.numbers(content)
        self.badges = said.badges(content)
        steps = said.steps(content)
        self.facts = Facts(content, words, self.filled)
        self.set = {
            (name, value): self.numbers[step["id"]] for step in steps for name, value in step["sets"].items()
        }

    def whole(self) -> tuple[Block, ...]:
        """All parts in the order in which they are read."""
        return (*self.first_page(), *self.phases(), *self.stand_down(), *self.last_pages())

    def first_page(self) -> Iterator[Block]:
        """What is needed in the first minute: when to use it, who does what, whom to call."""
        words, told = self.words, self.content
        yield Heading(self.filled.title or told["title"], level=1)
        boxes = [Box(words("use_when"), told["when"])]
        if told["not_when"]:
            boxes.append(Box(words("not_when"), told["not_when"], "dashed"))
        yield Beside(tuple(boxes))
        yield self._start()
        yield Heading(words("roles"))
        columns = self._columns(role=3, task=6, holders=6, today=5)
        yield TableBlock(columns, tuple(self._roles()), badges=True)
        yield ContactsBlock(words("contacts"), tuple(self.contacts()), words("more_contacts"))
        yield Break()

    def contacts(self) -> Iterator[ContactBlock]:
        """The firms behind the lines that the steps name, then everybody who holds a role."""
        notes = {
            line.support: self._contract(line, self.words("support"))
            for line in said.lines(self.content).values()
        }
        for role in reversed(self.content["roles"]):
            notes.update({person["phone"]: role["title"] or role["id"] for person in role["people"]})
        for entry in said.phones(self.content):
            yield ContactBlock(entry.who, notes[entry.number], say_phone(entry.number), dial(entry.number))
        for who, note in said.without_phone(self.content).items():
            yield ContactBlock(who, note, LINE)

    def phases(self) -> Iterator[Block]:
        """Each phase: its steps with the decisions that fall into it, and the pause point at its end."""
        placed = self._decisions()
        for index, phase in enumerate(self.content["phases"]):
            yield Heading(phase["phase"], self._goal(phase))
            ticks = [self.tick(step, phase["within"]) for step in phase["steps"]]
            decisions = [self._decision(each, index) for each in placed[index]]
            yield Steps((*ticks, *decisions), self._pause(phase["pause"]))

    def stand_down(self) -> Iterator[Block]:
        """The undos, newest first, and the closing steps, on a page of their own."""
        steps = said.steps(self.content)
        undone = [step for step in reversed(steps) if step["undo"]]
        rows = [self.undo(step) for step in undone]
        rows += [self.tick(step, None) for step in self.content["stand_down"]]
        if rows:
            yield Break()
            yield Heading(self.words("stand_down"), self.words("stand_down_note"))
            yield Steps(tuple(rows))

    def last_pages(self) -> Iterator[Block]:
        """What is switched on, promises, the log, what to improve, and the end mark."""
        words = self.words
        yield Break()
        yield Heading(words("measures"), words("measures_note"))
        columns = self._columns(measure=6, since=2, off_at=2, initials=1)
        yield TableBlock(columns, tuple(self._measures()), _EMPTY_MEASURES)
        yield Heading(words("promises"), words("promises_note"))
        columns = self._columns(time=3, promise_who=6, promise_what=8, promise_when=4, promise_kept=4)
        made = self.filled.promises
        yield TableBlock(columns, made, max(_PROMISE_ROWS - len(made), _FREE_PROMISE_ROWS))
        yield Break()
        yield Heading(words("log"), words("log_note"))
        columns = self._columns(time=2, log_what=13, log_who=3)
        yield TableBlock(columns, self.filled.log, max(_LOG_ROWS - len(self.filled.log), _FREE_LOG_ROWS))
        yield Break()
        yield Heading(words("improve"), words("improve_note"))
        if self.filled.improvements:
            yield TextBlock("\n".join(f"– {each}" for each in self.filled.improvements))
        yield Lines(_IMPROVEMENTS)
        yield TextBlock(words("expired", owner=self._owner()))
        yield TextBlock(words("verify", hash=self.filled.head or said.version_hash(self.content)))
        yield EndBlock(words("end"))

    def tick(self, step: Mapping[str, Any], within: float | None) -> Tick:
        """One step as a row."""
        return self._row(step, self._deadline(within), self._condition(step), self._about(step))

    def undo(self, step: Mapping[str, Any]) -> Tick:
        """The row that undoes `step`."""
        condition = self.words("only_if_done", number=self.numbers[step["id"]])
        return self._row(
            {**step["undo"], "who": step["undo"]["who"] or step["who"]}, "", condition, self._about(step)
        )

    def role_title(self, role: str) -> str:
        """What the role is called."""
        return next(each["title"] or role for each in self.content["roles"] if each["id"] == role)

    def _columns(self, **shares: int) -> tuple[Column, ...]:
        """The columns of a table: the label of each, and its share of the width."""
        return tuple(Column(self.words(label), share) for label, share in shares.items())

    def _owner(self) -> str:
        """Who has a new sheet printed: the person, where the role has one."""
        role = next(each for each in self.content["roles"] if each["id"] == self.content["owner"])
        return str(role["people"][0]["name"] if role["people"] else role["title"] or role["id"])

    def _row(self, act: Mapping[str, Any], deadline: str, condition: str, about: str) -> Tick:
        number = self.numbers[act["id"]]
        by_hand = [self.facts.said(act, "by_hand")]
        leads_to = self.content["sheets"].get(act["enters"] or "", "")
        if leads_to and leads_to not in by_hand[0]:
            by_hand.insert(0, self.words("take_sheet", title=leads_to))
        return Tick(
            anchor=f"step-{number}",
            number=str(number),
            badge=self.badges[act["who"] or self.content["owner"]],
            title=self.facts.said(act, "title"),
            by_hand="\n\n".join(by_hand),
            warning=act["warning"] or "",
            condition=condition,
            about=about,
            result=act["result"] or "",
            blanks=tuple(self.facts.blank(question, act["id"]) for question in act["questions"]),
            deadline=deadline,
            mark=self.filled.marks.get(act["id"]),
        )

    def _condition(self, step: Mapping[str, Any]) -> str:
        told = step["only_if"]
        if not told:
            return ""
        if "check" in told:
            states = self.words.one_of([self.words(state) for state in told["is"]])
            return self.words("only_if_check", check=told["check"], values=states)
        fact = told["fact"]
        values = self.words.one_of([self.facts.value(fact, each) for each in told["is"]])
        if fact in self.facts.asked:
            return self.words(
                "only_if", number=self.facts.asker(fact, self.numbers[step["id"]]), values=values
            )
        doing = [str(self.set[fact, value]) for value in told["is"] if (fact, value) in self.set]
        if doing:
            return self.words("only_if_done", number=self.words.one_of(doing))
        return self.words("only_if_check", check=fact, values=values)

    def _about(self, step: Mapping[str, Any]) -> str:
        line = said.lines(self.content).get(step["line"] or "")
        if not line:
            return ""
        number = (line.support or "").replace(" ", "\u00a0")
        support = f"{self.words('support')} {number}" if number else ""
        return " · ".join(part for part in (line.provider, self._contract(line), support) if part)

    def _contract(self, line: PlanLine, first: str = "") -> str:
        contract = self.words("contract", number=line.contract) if line.contract else ""
        number = self.words("line_id", number=line.line_id) if line.line_id else ""
        return " · ".join(part for part in (first, contract, number) if part)

    def _start(self) -> Form:
        words, start = self.words, self.filled.start
        return Form(
            (
                Field(words("t0"), "clock", words.clock(start) if start else ""),
                Field(words("date"), "date", words.date(start.date()) if start else ""),
                Field(words("leads"), "line", self.filled.lead),
                Field(words("reader"), "line"),
            )
        )

    def _roles(self) -> Iterator[tuple[str, ...]]:
        for role in self.content["roles"]:
            people = [person["name"] for person in role["people"]]
            yield self.badges[role["id"]], role["title"] or role["id"], " / ".join(people), ""

    def _goal(self, phase: Mapping[str, Any]) -> str:
        deadline = self._deadline(phase["within"])
        goal = self.words("phase_goal", deadline=deadline).replace("..", ".") if deadline else ""
        order = self.words("any_order") if phase["any_order"] else ""
        return " ".join(part for part in (goal, order) if part)

    def _deadline(self, within: float | None) -> str:
        if not within:
            return ""
        if self.filled.start:
            return self.words.clock(self.filled.start + timedelta(seconds=within))
        return self.words.after_start(within)

    def _pause(self, text: str | None) -> Form:
        words = self.words
        fields = (Field(words("time"), "clock"), Field(words("signature"), "line"))
        return Form(fields, words("stop"), text or words("stop_text"), "dotted")

    def _measures(self) -> Iterator[tuple[str, ...]]:
        for step in said.steps(self.content):
            if step["undo"]:
                since, off = self.filled.measures.get(step["id"], ("", ""))
                yield (
                    f"{self.numbers[step['id']]}  {self.facts.said(step, 'title')}",
                    since,
                    off,
                    "",
                )

    def _decisions(self) -> list[list[Mapping[str, Any]]]:
        """The decisions of each phase: one falls into the last phase over by then; by the clock, into the first."""
        phases = self.content["phases"]
        placed: list[list[Mapping[str, Any]]] = [[] for _phase in phases]
        for decision in self.content["decisions"]:
            at = decision["at"]
            over = [
                index
                for index, phase in enumerate(phases)
                if not isinstance(at, str) and phase["within"] and phase["within"] <= at
            ]
            placed[over[-1] if over else 0].append(decision)
        return placed

    def _decision(self, decision: Mapping[str, Any], phase: int) -> DecisionBlock:
        number = f"D{self.content['decisions'].index(decision) + 1}"
        at, mark = decision["at"], self.filled.answers.get(decision["id"])
        last = self.content["phases"][phase]["steps"][-1]["id"]
        return DecisionBlock(
            anchor=f"decision-{number}",
            number=number,
            badge=self.badges[decision["who"] or self.content["owner"]],
            question=self.facts.fill(decision["question"], self.numbers[last] + 1),
            answers=tuple(
                self._answer(each, phase)._replace(ticked=mark is not None and mark.outcome == each["answer"])
                for each in decision["answers"]
            ),
            default=self.words("nobody_decides", answer=decision["default"]),
            deadline=at if isinstance(at, str) else self._deadline(at),
            mark=mark,
        )

    def _answer(self, answer: Mapping[str, Any], phase: int) -> AnswerBlock:
        if answer["runbook"]:
            title = self.content["sheets"][answer["runbook"]]
            return AnswerBlock(
                answer["answer"], self.words("answer_sheet", title=title), "step-1", answer["runbook"]
            )
        later = [step for each in self.content["phases"][phase + 1 :] for step in each["steps"]]
        if not later:
            return AnswerBlock(answer["answer"], self.words("answer_end"))
        number = self.numbers[later[0]["id"]]
        return AnswerBlock(answer["answer"], self.words("answer_go_on", number=number), f"step-{number}")
