"""A page of others in which our parts stand between marks, and news of ours beside it.

1. Plan: the page is fetched, our parts must be there and must be as we know them; nothing is written.
2. Publish: what is there is kept, and written down before anything is changed; only our parts are replaced, and only
   if the page is still as it was fetched. Then the whole page is read back and compared, and looked at from outside.
3. Take back: only our parts, and only while they are ours; they say what the layer below them said, or what was there
   before the first. What others changed around them stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bcp.action.levers import Preview, Shown
from bcp.errors import BcpError, StepFailed, Unsure, read_back
from bcp.i18n import _
from bcp.lever.older import NEWS
from bcp.lever.place import marks, news
from bcp.lever.place.base import Changed, PageCopy
from bcp.lever.place.context import Evidence, KeptPage, evidence_of
from bcp.lever.place.lever import AnyLever
from bcp.lever.place.look import diff, picture
from bcp.lever.place.text import BOX
from bcp.lever.stack import LeverLayer, Stack

_SHOWN = 120


@dataclass(slots=True)
class PageLever(AnyLever):
    """A page of others, and perhaps news."""

    found: PageCopy | None = None
    is_undo: bool = False

    # 1 ---------------------------------------------------------------------------------------------------

    def plan(self, notice: str, number: str) -> Preview:
        """Fetch, compare, and show what will stand there."""
        self.wanted = self.places.wanted(self.place, notice, number)
        words = [self.way.describe(), *self.wanted.lines()]
        page = b""
        if self.place.page is not None:
            self.found = self._fetch()
            self.way.refuse_unread(self.places.reach, self.place.page)
            self._refuse_strange(self.found, self.parts())
            self.way.refuse_harm(self.places.reach, self.place.page)
            page = self._filled(self.found.content)
            words += diff(self.found.content, page, self.place.page)
        if news.are_posted(self.way):
            words += news.plan(self, self.wanted)
        file = self.places.preview(self.place.place, picture(page, self.wanted, self.place.url))
        return Preview(tuple(words), str(file))

    def parts(self) -> dict[str, str]:
        """The HTML of our parts of the page; a notice that goes out as news needs no mark in it."""
        assert self.wanted is not None and self.found is not None
        parts = {self.place.marked(name): html for name, html in self.wanted.parts().items()}
        notice = self.place.marked("notice")
        if news.are_posted(self.way) and not marks.read(self.found.content, notice):
            parts.pop(notice)
        return parts

    def _fetch(self) -> PageCopy:
        page = self.place.page
        assert page is not None
        found = self.way.fetch(self.places.reach, page)
        if found is None:
            words = _("there is no page {page} at the place {place}")
            raise StepFailed(words.format(page=page, place=self.place.place), "correct page: in bcp.yaml")
        return found

    def _filled(self, content: bytes) -> bytes:
        made = {name: marks.ascii_html(html) for name, html in self.parts().items()}
        return marks.write_all(content, {n: [part] * len(marks.read(content, n)) for n, part in made.items()})

    def _refuse_strange(self, found: PageCopy, parts: Mapping[str, str]) -> None:
        """Raises StepFailed where a mark is missing, Changed where somebody wrote into our part."""
        for name in parts:
            if not marks.read(found.content, name):
                told = _(
                    "the page {page} has no mark for the {name}, so nothing was changed; it needs: {pair}"
                )
                words = told.format(page=self.place.page, name=name, pair=marks.pair(name))
                raise StepFailed(words, f"put the mark into the page, where the {name} is to stand")
        self._refuse_changed(found, self.stack(), parts)

    def _refuse_changed(self, found: PageCopy, stack: Stack, names: Mapping[str, object]) -> None:
        """Raises Changed where one of our parts says what neither we put there nor was there before."""
        for name in names:
            base = stack.base.get(name)
            if base is None:
                self._refuse_of_another_office(marks.read(found.content, name), name)
                continue
            known = {marks.plain(html) for html in (*stack.known[name], *map(marks.given, base))}
            for inner in marks.read(found.content, name):
                if marks.plain(inner) not in known:
                    said = marks.words(inner)[:_SHOWN]
                    told = _("somebody else changed our {name} in {page} since we wrote it: {said}")
                    words = told.format(name=name, page=self.place.page, said=said)
                    raise Changed(words, "settle it with whoever did it, then do this step by hand")

    def _refuse_of_another_office(self, inner: Sequence[bytes], name: str) -> None:
        """Raises Changed where such a notice stands that nobody put there from here: somebody else may need it."""
        boxes = [part for part in inner if f'class="{BOX}"'.encode() in part]
        known = self.places.ledger.history(self.place.place).get(name, ()) if boxes else ()
        for part in boxes:
            if marks.plain(part) not in set(map(marks.plain, known)):
                told = _(
                    "in {page} there stands a notice that is not written down here for this place: {said}"
                )
                said = marks.words(part)[:_SHOWN]
                raise Changed(
                    told.format(page=self.place.page, said=said),
                    _(
                        "take it away there if nobody needs it; two offices in one page need marks of their own: mark:"
                    ),
                )

    # 2 ---------------------------------------------------------------------------------------------------

    def publish(self) -> Shown:
        """Write it, read it back, look at it from outside."""
        assert self.wanted is not None
        told: Evidence = {}
        posts = news.are_posted(self.way)
        put = {NEWS: news.put(self, self.wanted)} if posts else {}
        if self.found is not None:
            assert self.place.page is not None
            parts, content = self.parts(), self.found.content
            kept = self.places.keep(self.place.place, self.place.page, content)
            known = self.stack().base
            inner = {name: [marks.kept(part) for part in marks.read(content, name)] for name in parts}
            before = {name: known.get(name) or now for name, now in inner.items()}
            self.lay({**parts, **put}, before, {"kept": kept.file, "sha256": kept.sha256})
            self._write(self.found, self._filled(content), kept, parts)
            told = {"before": kept._asdict(), "page": self.place.page}
        else:
            self.lay(put, {})
        if posts:
            told = {**told, **news.post(self, self.wanted)}
        seen = self._look(str(told.get("news", "")))
        self.stood(seen)
        return Shown(seen, evidence_of(self.place, {**told, "notice": self.wanted.notice, "seen": seen}))

    def _write(self, was: PageCopy, content: bytes, kept: KeptPage, parts: Mapping[str, object]) -> None:
        """Write the page, and compare all of it with what was meant, whatever the answer was.

        Raises StepFailed where it is as it `was`, Changed where it is neither: what was there is put back then.
        """
        page, reach, lost = self.place.page, self.places.reach, None
        assert page is not None
        if content != was.content:
            self.way.refuse_harm(reach, page)
            try:
                self.way.store(reach, page, content, was)
            except Unsure as error:
                lost = error
        with read_back(lost):
            now = self._fetch()
        if self.way.same(content, now.content):
            return
        if now.content == was.content and lost is not None:
            words = _("{why}; the page is still as it was")
            if self.is_undo:
                words = _("{why}; our part still stands there")
            raise StepFailed(words.format(why=lost.message), lost.hint)
        if _says(now.content, content, parts) or content.startswith(now.content):
            raise self._put_right(was, now, content, kept)
        words = _("{page} does not say what was written there").format(page=page)
        raise Changed(f"{words} ({lost.message})" if lost else words, "look at it, and do this step by hand")

    def _put_right(self, was: PageCopy, now: PageCopy, content: bytes, kept: KeptPage) -> Changed:
        """The server changed what others wrote when it took ours: put back what was there, and say so."""
        page = self.place.page
        assert page is not None
        heads = ("---", "+++", "@@")
        lines = [line for line in diff(content, now.content, page) if not line.startswith(heads)]
        if marks.decoded(content).splitlines() == marks.decoded(now.content).splitlines():
            lines = [_("the ends of its lines")]
        try:
            self.way.store(self.places.reach, page, was.content, now)
            is_back = self.way.same(was.content, self._fetch().content)
        except BcpError:
            is_back = False
        end = _("what was there before is there again") if is_back else _("and it could NOT be put back")
        words = _("the server changed more of {page} than our part ({seen}), so this does not hold: {end}")
        said = words.format(page=page, seen=" ".join(lines[0].split())[:_SHOWN], end=end)
        copy = _("the page as it was lies in {file}").format(file=kept.file)
        olds = self.way.revisions(self.places.reach, page)
        return Changed("; ".join(filter(None, (said, copy, olds))), _("do this step by hand"))

    def _look(self, posted: str) -> str:
        assert self.wanted is not None
        texts = list(self.parts().values()) if self.found is not None else []
        seen = [self.places.insist(self.place, self.place.url, texts)] if texts else []
        if news.are_posted(self.way):
            seen.append(news.look(self, self.wanted, posted))
        return "; ".join(dict.fromkeys(seen))

    # 3 ---------------------------------------------------------------------------------------------------

    def undo(self, stack: Stack, ends: Sequence[LeverLayer]) -> str:
        """Put between the marks what is to stand there without these layers, and settle our news likewise."""
        rest = stack.without(ends)
        names = [name for name in map(self.place.marked, marks.NAMES) if stack.said(name) in ends]
        parts = {name: self._without(rest, stack, name) for name in names}
        if parts:
            self._restore(stack, parts)
        posted = [layer for layer in ends if NEWS in layer.put]
        if posted:
            news.undo(self, stack, rest, posted)
        if not (parts or posted):
            return ""
        if any(rest.said(name) is not None for name in parts):
            words = _("{place} says again what the incident {incident} put there")
            below = next(filter(None, (rest.said(name) for name in parts)))
            return words.format(place=self.place.place, incident=below.key.incident)
        return _("what stood at {place} before is there again").format(place=self.place.place)

    def _without(self, rest: Stack, stack: Stack, name: str) -> list[bytes]:
        """What stands between each pair of marks once the layers above `rest` are gone."""
        layer, base = rest.said(name), stack.base.get(name) or []
        if layer is None:
            return [marks.given(part) for part in base]
        return [marks.ascii_html(layer.put[name])] * len(base)

    def _restore(self, stack: Stack, parts: Mapping[str, Sequence[bytes]]) -> None:
        assert self.place.page is not None
        self.is_undo = True
        found = self._fetch()
        for name, inner in parts.items():
            if len(marks.read(found.content, name)) != len(inner):
                told = _("the marks of the {name} in {page} are not those that were there before")
                words = told.format(name=name, page=self.place.page)
                raise Changed(words, "put the old text back by hand; it is in the copy that was kept")
        self._refuse_changed(found, stack, parts)
        content = marks.write_all(found.content, parts)
        if content != found.content:
            kept = self.places.keep(self.place.place, self.place.page, found.content)
            self._write(found, content, kept, parts)


def _says(now: bytes, content: bytes, names: Mapping[str, object]) -> bool:
    """Whether our parts of a page say what they say in `content`."""
    said = [
        [marks.plain(part) for part in marks.read(page, name)] for page in (now, content) for name in names
    ]
    return bool(names) and said[: len(names)] == said[len(names) :] and all(said)
