"""Where in a WordPress site our part stands: in a page, in a widget, or in a part of a block theme.

REST API Handbook, "Pages", "Widgets" (5.8), "Template Parts" and "Templates" (5.9). Each has a twin that the public
never sees: a draft, a widget in no sidebar, a part that no template uses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol
from urllib.parse import quote

from bcp.errors import StepFailed
from bcp.i18n import _
from bcp.lever.place.wordpress.address import AskedPage
from bcp.lever.place.wordpress.api import WordpressApi

Item = Mapping[str, Any]
"""What WordPress says of a page, a widget or a part, from JSON."""
TITLE = "A trial (may be deleted)"


class ContentSpot(Protocol):
    """One kind of thing that holds content; `base` is its route, `tail` stands at the end of a twin's content."""

    @property
    def base(self) -> str:
        """Such as `pages`."""
        ...

    @property
    def tail(self) -> str:
        """Such as nothing."""
        ...

    def find(self, api: WordpressApi, name: str) -> Item | None:
        """The thing itself; None where the site has none of that name. Raises StepFailed."""
        ...

    def content(self, item: Item) -> str:
        """What it holds, as it is edited."""
        ...

    def body(self, item: Item, content: str) -> dict[str, Any]:
        """What is sent to change it."""
        ...

    def twin(self, item: Item, content: str) -> dict[str, Any]:
        """What is sent to make a twin of it."""
        ...

    def leftovers(self, api: WordpressApi) -> Iterator[str]:
        """The ids of twins that an earlier trial did not take away."""
        ...


@dataclass(frozen=True, slots=True)
class PageSpot:
    """A page; `url` is where the public reads it, as bcp.yaml says."""

    url: str
    own: str
    base: str = "pages"
    tail: str = ""

    def find(self, api: WordpressApi, name: str) -> Item | None:
        """The page of that number, or whose address ends so and is `url`."""
        return AskedPage(api, name, self.url).find()

    def content(self, item: Item) -> str:
        """As the code editor shows it."""
        return str(item["content"]["raw"])

    def body(self, item: Item, content: str) -> dict[str, Any]:
        """The content, and nothing else of the page."""
        return {"content": content}

    def twin(self, item: Item, content: str) -> dict[str, Any]:
        """A draft: in no menu, no feed, no search."""
        return {"title": TITLE, "slug": self.own, "status": "draft", "content": content}

    def leftovers(self, api: WordpressApi) -> Iterator[str]:
        """Drafts of that slug."""
        yield from (
            str(one["id"]) for one in api.ask("GET", f"pages&slug={self.own}&status=draft&context=edit")
        )


@dataclass(frozen=True, slots=True)
class WidgetSpot:
    """A widget of a classic theme: a block, HTML or a text."""

    own: str
    base: str = "widgets"
    _FIELDS: ClassVar[Mapping[str, str]] = {"block": "content", "custom_html": "content", "text": "text"}

    @property
    def tail(self) -> str:
        """By this a twin is known: a widget has no slug."""
        return f"<!-- {self.own} -->"

    def find(self, api: WordpressApi, name: str) -> Item | None:
        """The widget of that id; without it, those that hold our marks are named."""
        found: Item | None = api.ask("GET", f"widgets/{quote(name)}&context=edit", lacking=(404,))
        if found is not None:
            return found
        marked = [one["id"] for one in api.ask("GET", "widgets&context=edit") if "<!-- bcp:" in str(one)]
        words = _("this site has no widget {name}; our marks stand in: {widgets}")
        raise StepFailed(
            words.format(name=name, widgets=", ".join(marked) or "–"), "in bcp.yaml: page: widget/block-7"
        )

    def content(self, item: Item) -> str:
        """What its form shows."""
        return str(item["instance"]["raw"][self._field(item)])

    def body(self, item: Item, content: str) -> dict[str, Any]:
        """All its settings, with another content."""
        return {"instance": {"raw": {**item["instance"]["raw"], self._field(item): content}}}

    def twin(self, item: Item, content: str) -> dict[str, Any]:
        """A widget among the inactive ones."""
        return {**self.body(item, content), "id_base": item["id_base"], "sidebar": "wp_inactive_widgets"}

    def leftovers(self, api: WordpressApi) -> Iterator[str]:
        """Inactive widgets with the mark of a twin."""
        found = api.ask("GET", "widgets&sidebar=wp_inactive_widgets&context=edit")
        yield from (str(one["id"]) for one in found if self.tail in str(one))

    def _field(self, item: Item) -> str:
        field = self._FIELDS.get(str(item["id_base"]))
        if field is None or "raw" not in item["instance"]:
            words = _("the widget {name} holds no text of its own, so nothing can be written there")
            raise StepFailed(
                words.format(name=item["id"]), "put the marks into a widget Block or Custom HTML"
            )
        return field


@dataclass(frozen=True, slots=True)
class PartSpot:
    """A part of a block theme, such as its header or footer, or one of its templates."""

    own: str
    base: str = "template-parts"
    tail: str = ""

    def find(self, api: WordpressApi, name: str) -> Item | None:
        """The part of the theme in use that has this slug."""
        parts: list[Item] = api.ask("GET", f"{self.base}&context=edit")
        with api.shape():
            found = next((one for one in parts if one["slug"] == name), None)
            if found is not None:
                return found
            words = _("the theme of this site has no part {name}; it has: {parts}")
            known = ", ".join(sorted(str(one["slug"]) for one in parts)) or "–"
        raise StepFailed(words.format(name=name, parts=known), "in bcp.yaml: page: template-part/footer")

    def content(self, item: Item) -> str:
        """As the site editor's code view shows it."""
        return str(item["content"]["raw"])

    def body(self, item: Item, content: str) -> dict[str, Any]:
        """The content, and nothing else of it."""
        return {"content": content}

    def twin(self, item: Item, content: str) -> dict[str, Any]:
        """A part that no template uses."""
        made = {"title": TITLE, "slug": self.own, "theme": item["theme"], "content": content}
        return {**made, **({"area": item["area"]} if "area" in item else {})}

    def leftovers(self, api: WordpressApi) -> Iterator[str]:
        """Parts of that slug."""
        yield from (
            str(one["id"]) for one in api.ask("GET", f"{self.base}&context=edit") if one["slug"] == self.own
        )


def spot_of(page: str, url: str, own: str) -> tuple[ContentSpot, str]:
    """What `page:` of bcp.yaml names, and its name there: `kontakt`, `17`, `widget/block-7`, `template-part/footer`.

    `own` is what a twin of ours is called.
    """
    kind, slash, name = page.partition("/")
    spots: dict[str, ContentSpot] = {
        "widget": WidgetSpot(own),
        "template-part": PartSpot(own),
        "template": PartSpot(own, "templates"),
    }
    if slash and kind in spots:
        return spots[kind], name
    return PageSpot(url, own), page.strip("/")
