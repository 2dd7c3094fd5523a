"""PageWords: whether words stand in a page, as somebody reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from bcp.i18n import _
from bcp.probe.http_answer import FetchedPage, unreadable
from bcp.probe.page_text import as_seen, decoded, folded, is_markup

_IS_SOURCE = re.compile(r"</?[a-z][^<>]*>|<!--", re.IGNORECASE)


@dataclass(frozen=True)
class PageWords:
    """The words of one page. Reading them raises Trouble where the page is packed in a way that nobody here knows."""

    page: FetchedPage
    ignores_case: bool = False

    def hold(self, text: str) -> bool:
        """Whether they hold `text`. What has a tag in it is looked for in the source, where alone it can be."""
        return self.are_in_source(text) if _IS_SOURCE.search(text) else self._folded(text) in self._seen

    def are_in_source(self, text: str) -> bool:
        """Whether the source of the page holds `text`, seen or not."""
        return self._folded(text) in self._folded(self._source)

    def _folded(self, text: str) -> str:
        return folded(text, ignores_case=self.ignores_case)

    @cached_property
    def _source(self) -> str:
        if self.page.packing:
            raise unreadable(self.page)
        return decoded(self.page.body, self._kind)

    @cached_property
    def _seen(self) -> str:
        source = self._source
        return self._folded(as_seen(source) if is_markup(source, self._kind) else source)

    @property
    def _kind(self) -> str:
        return self.page.headers.get("content-type", "")


def wrong_words(page: FetchedPage, text: str | None, not_text: Iterable[str], *, ignores_case: bool) -> str:
    """What the page does not say, or says and should not, as a sentence; nothing where all is well."""
    words = PageWords(page, ignores_case)
    if text and not words.hold(text):
        return _missing(page, words, text)
    found = next(filter(words.hold, not_text), None)
    return "" if found is None else _("the page says “{text}”, and should not").format(text=found)


def _missing(page: FetchedPage, words: PageWords, text: str) -> str:
    if page.is_broken:
        told = _("the page broke off, and what came of it does not say “{text}”")
    elif page.is_cut:
        told = _("the first 1 MB of the page does not say “{text}”, and no more of it is read")
    elif words.are_in_source(text):
        told = _("the page does not show “{text}”: it stands in its source only, where nobody reads it")
    else:
        told = _("the page does not say “{text}”")
    return told.format(text=text)
