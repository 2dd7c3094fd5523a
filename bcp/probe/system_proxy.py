"""Which proxy this computer's own settings name, where bcp was told of none: to say so, and never to use it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from urllib.parse import SplitResult

_SETTINGS = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings"


def proxy_of_this_computer(address: SplitResult) -> str:
    """The proxy that a browser here would take for an address, without any login; nothing where there is none."""
    host = str(address.hostname)
    return without_login(of_environment(os.environ, address.scheme, host) or _of_windows(address.scheme))


def of_environment(environ: Mapping[str, str], scheme: str, host: str) -> str:
    """What the variables HTTP_PROXY, HTTPS_PROXY, ALL_PROXY say, in either case, unless NO_PROXY names the host."""
    named = _said(environ, f"{scheme}_proxy") or _said(environ, "all_proxy")
    if not named:
        return ""
    spared = [each.strip() for each in _said(environ, "no_proxy").lower().split(",") if each.strip()]
    is_spared = any(each == "*" or f".{host}".endswith(f".{each.lstrip('*.')}") for each in spared)
    return "" if is_spared else named


def _said(environ: Mapping[str, str], name: str) -> str:
    return (environ.get(name) or environ.get(name.upper()) or "").strip()


def without_login(proxy: str) -> str:
    """The host and the port alone."""
    return (
        proxy.partition("://")[2].rpartition("@")[2].rstrip("/")
        if "://" in proxy
        else proxy.rpartition("@")[2]
    )


def _of_windows(scheme: str) -> str:
    """What the settings of Windows name: one proxy, one for each scheme, or a script that chooses (PAC)."""
    if sys.platform != "win32":
        return ""
    import winreg

    def value(name: str) -> object:
        try:
            return winreg.QueryValueEx(key, name)[0]
        except OSError:
            return ""

    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _SETTINGS) as key:
            named = of_settings(str(value("ProxyServer")), scheme) if value("ProxyEnable") else ""
            return named or str(value("AutoConfigURL"))
    except OSError:
        return ""


def of_settings(server: str, scheme: str) -> str:
    """Of `http=a:1;https=b:2`, or of one name for all, what is for a scheme."""
    pairs = dict(each.split("=", 1) for each in server.split(";") if "=" in each)
    return pairs.get(scheme, "") if pairs else server
