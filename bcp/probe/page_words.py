"""PageWords: whether words stand in a page, as somebody reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

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
