"""Which page of a WordPress site is the one that the public reads at an address: several may have the same slug.

A page below another one, and the same page in another language (Polylang, WPML), may share its slug, and a plugin may
list the pages of one language only. What the public page says of itself settles it: WordPress names its number in
`<link rel="alternate" type="application/json">` and in the class of `<body>`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from bcp.errors import StepFailed
from bcp.i18n import _
from bcp.lever.place.marks import decoded
from bcp.lever.place.public_address import links, same_address
from bcp.lever.place.wordpress.api import WordpressApi

_ALTERNATE = re.compile(r"(?:/|%2F)wp(?:/|%2F)v2(?:/|%2F)pages(?:/|%2F)(\d+)", re.IGNORECASE)
_BODY = re.compile(r"<body\b([^<>]{1,4000})>", re.IGNORECASE)
_UNPUBLISHED = "private,future,pending,draft,trash"
_BINNED = "__trashed"
"""What WordPress puts behind the slug of a page in the bin."""
_CLASS = re.compile(r"\bpage-id-(\d+)")


@dataclass(frozen=True, slots=True)
class AskedPage:
    """The page that bcp.yaml asks for: `name` is its number, its slug or the end of its address, `url` its address."""

    api: WordpressApi
    name: str
    url: str

    def find(self) -> Mapping[str, Any] | None:
        """The page; None where there is none. Raises StepFailed where `url` is another page than `name`."""
        listed = self._listed()
        fitting = [one for one in listed if same_address(self._link(one), self.url)]
        if fitting:
            return fitting[0]
        shown = self.shown() if self.url else None
        if shown is not None:
            if not self._is_named(shown):
                raise self._other(shown)
            return shown
        if len(listed) > 1:
            links = ", ".join(self._link(one) for one in listed)
            words = _("{count} pages are called {page}: {links}; so nothing was changed")
            raise StepFailed(
                words.format(count=len(listed), page=self.name, links=links),
                "in bcp.yaml, give the url: of the one that is meant, or its number as page:",
            )
        return listed[0] if listed else None

    def shown(self) -> Mapping[str, Any] | None:
        """The page that the public reads at `url`, by what it says of itself; None where that cannot be known."""
        number = _number(self.api.public(self.url))
        if not number:
            return None
        found: Mapping[str, Any] | None = self.api.ask("GET", f"pages/{number}&context=edit", lacking=(404,))
        return found

    def _listed(self) -> list[Mapping[str, Any]]:
        """Those that the name fits."""
        if self.name.isdigit():
            found = self.api.ask("GET", f"pages/{self.name}&context=edit", lacking=(404,))
            return [] if found is None else [found]
        slug = quote(unquote(self.name.rpartition("/")[2]))
        asked = f"pages&slug={slug}&per_page=100&context=edit"
        listed: list[Mapping[str, Any]] = self.api.ask("GET", asked)
        with self.api.shape():
            named = [one for one in listed if self._is_named(one)]
            if named:
                return named
            # None that is published: an undo still has to find the one that somebody took off meanwhile.
            asked = asked.replace(slug, f"{slug},{slug}{_BINNED}")
            found = self.api.ask("GET", f"{asked}&status={_UNPUBLISHED}", lacking=(400, 401, 403))
            return [one for one in found or () if self._is_named(one)]

    def _is_named(self, found: Mapping[str, Any]) -> bool:
        """Whether the name is that of the page: its number, its slug, or the end of its path."""
        with self.api.shape():
            if self.name.isdigit():
                return str(found["id"]) == self.name
            path = unquote(urlsplit(str(found["link"])).path).strip("/")
            if "/" in self.name and path:
                return f"/{path}".endswith(f"/{unquote(self.name)}")
            slug = unquote(str(found["slug"])).removesuffix(_BINNED)
            return slug == unquote(self.name.rpartition("/")[2])

    def _link(self, found: Mapping[str, Any]) -> str:
        with self.api.shape():
            return str(found["link"])

    def _other(self, shown: Mapping[str, Any]) -> StepFailed:
        words = _(
            "{url} is not the page {page}, but another one ({other}, number {number}); nothing was changed"
        )
        told = words.format(url=self.url, page=self.name, other=shown.get("slug"), number=shown.get("id"))
        return StepFailed(told, f"in bcp.yaml, write page: {shown.get('id')}, or correct url:")


def _number(page: bytes) -> str:
    """The number of the page, as it says itself; nothing where it does not."""
    named = (_ALTERNATE.search(link) for link in links(page) if "application/json" in link)
    body = _BODY.search(decoded(page))
    found = next(filter(None, named), None) or (_CLASS.search(body[1]) if body else None)
    return found[1] if found else ""
