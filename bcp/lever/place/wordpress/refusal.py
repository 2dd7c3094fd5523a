"""Why a WordPress site refuses us: each cause its own sentence, with what to do about it.

WordPress says 401 to strangers and 403 to users, with a code of its own in JSON. What has no such code never reached
WordPress; a code that WordPress does not have is a plugin's. Whether it takes application passwords at all is in the
index of its REST API (developer.wordpress.org/rest-api/using-the-rest-api/discovery, "Authentication"); which codes it
gives to a bad one is in `wp_authenticate_application_password()`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from bcp.i18n import _
from bcp.lever.place.base import BY_HAND
from bcp.lever.place.web import refused_before
from bcp.mask import KNOWN
from bcp.outside import HttpResponse

_EDITOR = "make it an editor in WordPress: Users"
_NEW_PASSWORD = "make a new one in WordPress: Users, Profile, Application Passwords; then store it"
_HEADER = "save Settings, Permalinks once, for WordPress to write it into .htaccess; else ask the host (CGIPassAuth On)"
_ALLOW = "a security plugin or the host switches them off: let it allow application passwords"
_WRONG_LOGIN = frozenset({"incorrect_password", "invalid_username", "invalid_email", "invalid_password"})
_STRANGER = frozenset(
    {"rest_not_logged_in", "rest_forbidden_context", "rest_forbidden", "rest_invalid_param"}
)
"""What WordPress says to those it does not know."""
_CORE = re.compile(
    r"rest_(?:cannot_(?!access)|forbidden|post_|page_|user_|invalid_|missing_|no_route|already_|trash_|widget_|template_)"
)
"""What the codes of WordPress itself begin with; plugins that close the REST API have others (`rest_cannot_access`)."""


@dataclass(frozen=True, slots=True)
class RefusingSite:
    """The site and the user of bcp.yaml, and what the index of the REST API says to a stranger, if it was asked."""

    site: str
    user: str
    index: HttpResponse | None


def why(answer: HttpResponse, seen: RefusingSite) -> tuple[str, str]:
    """Why this answer is a refusal, and what to do."""
    code, said = _error(answer)
    if not code:
        return _not_wordpress(answer, seen)
    if code in _WRONG_LOGIN:
        words = _(
            "WordPress does not take the application password of {user}: it was revoked, ran out or is mistyped"
        )
        return words.format(user=seen.user), _NEW_PASSWORD
    if seen.index is not None and answer.status == 401 and code in _STRANGER:
        return _stranger(seen)
    if code in (refused := _refused()):
        words, hint = refused[code]
        return words.format(user=seen.user), hint
    if not _CORE.match(code):
        words = _("a plugin of this site keeps us out ({code}): {said}")
        hint = f"in that plugin, let the user {seen.user} use the REST API; plugins for security do this"
        return words.format(code=code[:60], said=said), hint
    words = _("WordPress refuses ({status}): {said}")
    return words.format(status=answer.status, said=said), BY_HAND


def _refused() -> dict[str, tuple[str, str]]:
    """What WordPress's own codes mean, and what to do."""
    return {
        "application_passwords_disabled": (
            _("application passwords are switched off at this site"),
            _ALLOW,
        ),
        "application_passwords_disabled_for_user": (
            _("application passwords are switched off for {user}"),
            _ALLOW,
        ),
        "rest_no_route": (
            _("this WordPress has its REST API switched off"),
            "a plugin for security or privacy does that: let it allow the REST API for users who are signed in",
        ),
        "rest_cannot_edit": (_("the user {user} may not edit that"), _EDITOR),
        "rest_cannot_publish": (_("the user {user} may not publish"), _EDITOR),
        "rest_cannot_create": (_("the user {user} may not write news"), _EDITOR),
        "rest_cannot_delete": (_("the user {user} may not take news away"), _EDITOR),
        "rest_forbidden_context": (_("the user {user} may not edit that"), _EDITOR),
        "rest_cannot_manage_widgets": (
            _("the user {user} may not edit widgets"),
            "WordPress lets administrators alone do that: make it one, in WordPress: Users",
        ),
        "rest_cannot_manage_templates": (
            _("the user {user} may not edit the parts of the theme"),
            "WordPress lets administrators alone do that: make it one, in WordPress: Users",
        ),
    }


def _stranger(seen: RefusingSite) -> tuple[str, str]:
    """WordPress did not even see a login: what its index says tells why."""
    assert seen.index is not None
    known = _json(seen.index)
    ways = known.get("authentication")
    if seen.index.status != 200 or ways is None:
        code, said = _error(seen.index)
        words = _("WordPress sees no login from us, and shows nothing of its REST API to strangers ({said})")
        hint = (
            "a plugin closes it: let it allow application passwords; or the web server keeps the header Authorization "
            f"from WordPress: {_HEADER}"
        )
        return words.format(said=said if code else seen.index.status or "?"), hint
    if "application-passwords" in ways:
        # A WordPress with no plugin says the same to a wrong password as to none at all.
        words = _(
            "WordPress does not take the application password of {user}: it was revoked, ran out or is mistyped, or "
            "the web server keeps the header Authorization from WordPress"
        )
        return words.format(
            user=seen.user
        ), f"{_NEW_PASSWORD}. If that fails, too, it is the header: {_HEADER}"
    if seen.site.startswith("http://"):
        words = _(
            "application passwords are switched off at this site: WordPress takes them over https alone, and {site} is "
            "plain http"
        )
        hint = "write https:// in bcp.yaml (the host gives the certificate); if that does not help, "
        return words.format(site=seen.site), hint + _ALLOW
    if str(known.get("url", "")).startswith("http://") or str(known.get("home", "")).startswith("http://"):
        words = _("WordPress thinks that it is reached by plain http, so it takes no application passwords")
        return words, "in WordPress: Settings, General, write https:// in both addresses; or ask the host"
    return _refused()["application_passwords_disabled"]


def _not_wordpress(answer: HttpResponse, seen: RefusingSite) -> tuple[str, str]:
    words, hint = refused_before(answer)
    if words:
        return words, hint
    words = _("{site} does not answer as WordPress does ({status})")
    return words.format(site=seen.site, status=answer.status), "correct site: in bcp.yaml"


def _error(answer: HttpResponse) -> tuple[str, str]:
    """WordPress's own code and words for it, nothing of them a secret; no code where it is not WordPress."""
    told = _json(answer)
    said = " ".join(KNOWN.without_secrets(str(told.get("message", ""))).split())[:200]
    return str(told.get("code", "")), said or "?"


def _json(answer: HttpResponse) -> dict[str, Any]:
    try:
        told = json.loads(answer.raw)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
