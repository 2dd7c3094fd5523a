"""A page of others in which our parts stand between marks, and news of ours beside it.

1. Plan: the page is fetched, our parts must be there and must be as we know them; nothing is written.
2. Publish: what is there is kept, and written down before anything is changed; only our parts are replaced, and only
   if the page is still as it was fetched. Then it is read back, and looked at from outside.
3. Take back: only our parts, and only while they are ours; what others changed around them stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bcp.action.levers import Preview, Shown
from bcp.errors import StepFailed, Unsure, read_back
from bcp.i18n import _
from bcp.lever.place import marks, news
from bcp.lever.place.base import Changed, PageCopy
from bcp.lever.place.context import Evidence, evidence_of
from bcp.lever.place.ledger import Publication
from bcp.lever.place.lever import AnyLever
from bcp.lever.place.look import diff, picture


@dataclass(slots=True)
class PageLever(AnyLever):
    """A page of others, and perhaps news."""

    found: PageCopy | None = None

    # 1 ---------------------------------------------------------------------------------------------------

    def plan(self, notice: str, number: str) -> Preview:
        """Fetch, compare, and show what will stand there."""
        self.wanted = self.places.wanted(self.place, notice, number)
        words = [self.way.describe(), *self.wanted.lines()]
        page = b""
        if self.place.page is not None:
            self.found = self._fetch()
            self._refuse_strange(self.found, self.parts())
            page = self._filled(self.found.content)
            words += diff(self.found.content, page, self.place.page)
        if news.are_posted(self.way):
            words += news.plan(self, self.wanted)
        file = self.places.preview(self.place.place, picture(page, self.wanted, self.place.url))
        return Preview(tuple(words), str(file))

    def parts(self) -> dict[str, str]:
        """The HTML of our parts of the page; a notice that goes out as news needs no mark in it."""
        assert self.wanted is not None and self.found is not None
        parts = self.wanted.parts()
        if news.are_posted(self.way) and not marks.read(self.found.content, "notice"):
            parts.pop("notice")
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
        self._refuse_changed(found, self.written())

    def _refuse_changed(self, found: PageCopy, written: Publication) -> None:
        for name, before in written.before.items():
            known = {marks.plain(html) for html in (*written.after.get(name, ()), *map(marks.given, before))}
            for inner in marks.read(found.content, name):
                if marks.plain(inner) not in known:
                    said = " ".join(marks.decoded(inner).split())[:120]
                    told = _("somebody else changed our {name} in {page} since we wrote it: {said}")
                    words = told.format(name=name, page=self.place.page, said=said)
                    raise Changed(words, "settle it with whoever did it, then do this step by hand")

    # 2 ---------------------------------------------------------------------------------------------------

    def publish(self) -> Shown:
        """Write it, read it back, look at it from outside."""
        assert self.wanted is not None
        told: Evidence = {}
        if self.found is not None:
            told = self._put()
        if news.are_posted(self.way):
            told = {**told, **news.post(self, self.wanted)}
        seen = self._look(str(told.get("news", "")))
        self.places.ledger.write("place.shown", {**self.about(), "seen": seen})
        return Shown(seen, evidence_of(self.place, {**told, "notice": self.wanted.notice, "seen": seen}))

    def _put(self) -> Evidence:
        assert self.found is not None and self.place.page is not None
        parts = self.parts()
        kept = self.places.keep(self.place.place, self.place.page, self.found.content)
        known = self.written().before
        inner = {name: [marks.kept(part) for part in marks.read(self.found.content, name)] for name in parts}
        before = {name: known.get(name, now) for name, now in inner.items()}
        told = {"before": before, "after": parts, "kept": kept.file, "sha256": kept.sha256}
        self.places.ledger.write("place.writing", {**self.about(), **told})
        self._store(self._filled(self.found.content), parts)
        return {"before": kept._asdict(), "page": self.place.page}

    def _store(self, content: bytes, parts: Mapping[str, str]) -> None:
        """Write, and read back whatever the answer was."""
        assert self.found is not None and self.place.page is not None
        lost: Unsure | None = None
        if content != self.found.content:
            try:
                self.way.store(self.places.reach, self.place.page, content, self.found)
            except Unsure as error:
                lost = error
        with read_back(lost):
            now = self._fetch()
        if self._says(now, parts):
            return
        if now.content == self.found.content and lost is not None:
            raise StepFailed(_("{why}; the page is still as it was").format(why=lost.message), lost.hint)
        words = _("{page} does not say what was written there").format(page=self.place.page)
        raise Changed(f"{words} ({lost.message})" if lost else words, "look at it, and do this step by hand")

    def _says(self, found: PageCopy, parts: Mapping[str, str]) -> bool:
        inner = {name: marks.read(found.content, name) for name in parts}
        return all(
            inner[name] and all(marks.plain(one) == marks.plain(html) for one in inner[name])
            for name, html in parts.items()
        )

    def _look(self, posted: str) -> str:
        assert self.wanted is not None
        texts = list(self.parts().values()) if self.found is not None else []
        seen = [self.places.insist(self.place, self.place.url, texts)] if texts else []
        if news.are_posted(self.way):
            seen.append(news.look(self, self.wanted, posted))
        return "; ".join(dict.fromkeys(seen))

    # 3 ---------------------------------------------------------------------------------------------------

    def undo(self, written: Publication) -> str:
        """Put back what stood between the marks, take our news away."""
        if written.before:
            self._restore(written)
        if written.news:
            news.drop(self, written)
        return _("what stood at {place} before is there again").format(place=self.place.place)

    def _restore(self, written: Publication) -> None:
        found = self.found = self._fetch()
        for name, before in written.before.items():
            if len(marks.read(found.content, name)) != len(before):
                told = _("the marks of the {name} in {page} are not those that were there before")
                words = told.format(name=name, page=self.place.page)
                raise Changed(words, "put the old text back by hand; it is in the copy that was kept")
        self._refuse_changed(found, written)
        parts = {name: [marks.given(part) for part in before] for name, before in written.before.items()}
        content = marks.write_all(found.content, parts)
        assert self.place.page is not None
        if content != found.content:
            try:
                self.way.store(self.places.reach, self.place.page, content, found)
            except Unsure as error:
                with read_back(error):
                    now = self._fetch()
                if any(_said(now, name) != _plain(parts[name]) for name in parts):
                    words = _("{why}; our part still stands there").format(why=error.message)
                    raise StepFailed(words, error.hint) from None


def _said(found: PageCopy, name: str) -> list[str]:
    return _plain(marks.read(found.content, name))


def _plain(parts: Sequence[bytes]) -> list[str]:
    return [marks.plain(part) for part in parts]
