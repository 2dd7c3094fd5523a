"""OfficePlace: one place of bcp.yaml where the public reads of us, and how we write there."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from bcp.yaml.keyed import OneKey, fail, told
from bcp.yaml.types import Id, Line, Model, WebAddress

AnyWay = Annotated[Model, OneKey("bcp.lever.place.kinds", "way", "{folder: {path: /srv/www}}")]
NoticeLanguage = Literal["en", "pl", "cs", "el", "de"]


class OfficePlace(Model):
    """A place on the web that we write to: a page of the website, or our own status page."""

    place: Id = Field(examples=["website"], description="a short name, unique in the office")
    title: Line | None = Field(
        default=None, examples=["Contact page of our website"], description="what people call it"
    )
    kind: Literal["page", "status-page"] = Field(
        default="page",
        description="page: a page of others with our part between markers; status-page: a page of our own",
    )
    url: WebAddress | None = Field(
        default=None,
        description="where the public reads it; it is looked at there afterwards",
        examples=["https://www.example.com/contact/"],
    )
    page: Line | None = Field(
        default=None,
        description="what the page is called at the place: a file; in WordPress its slug, number, widget or part",
        examples=["contact.html"],
    )
    mark: Id | None = Field(
        default=None,
        description="where several offices write in one page: the name of our marks, <!-- bcp:NAME:notice -->",
        examples=["kropka"],
    )
    languages: list[NoticeLanguage] = Field(
        default_factory=list,
        description="the languages of the text, in this order; where nothing is said, all that the notice has",
    )
    via: Line | None = Field(
        default=None,
        description="the network interface of the other line, to look at the page from outside",
        examples=["wwan0"],
    )
    way: AnyWay = Field(description="how we write there", examples=["{sftp: {host: www.example.com, …}}"])

    def marked(self, part: str) -> str:
        """What our marks of a part (`notice`, `number`) are called in this page."""
        return f"{self.mark}:{part}" if self.mark else part

    @model_validator(mode="after")
    def _fits_together(self) -> OfficePlace:
        takes: frozenset[str] = getattr(self.way, "takes", frozenset())
        if self.kind == "status-page" and "files" not in takes:
            words, hint = (
                "a status page needs a way that takes files",
                "choose folder, sftp, ftp, webdav or command",
            )
            fail("OfficePlace", [told(("way",), words, hint)])
        if self.kind == "status-page" and getattr(self.way, "maintenance", False):
            words = "a status page is always there, so it is no maintenance page"
            fail("OfficePlace", [told(("way",), words, "leave maintenance out")])
        if self.mark and getattr(self.way, "maintenance", False):
            words = "a maintenance page is one office's own, so its marks have no name"
            fail(
                "OfficePlace",
                [told(("mark",), words, "leave mark out, and give the page a name of your own")],
            )
        if self.kind == "status-page" and self.page is not None:
            words = "a status page has files of its own, so it names no page"
            fail("OfficePlace", [told(("page",), words, "leave page out")])
        if self.kind == "page" and self.page is None and not takes & {"news", "hand"}:
            words, hint = "it is not said which page our part stands in", "add page: contact.html"
            fail("OfficePlace", [told((), words, hint)])
        shown_at = getattr(self.way, "shown_at", None)
        if self.url and shown_at:
            shown_at(self.url)
        return self
