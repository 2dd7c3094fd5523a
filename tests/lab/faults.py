"""The faults of the laboratory: for each, the shell commands that break one thing and those that repair it.

$LINE is `dsl` or `lte`, $ROUTER its router; the words of `parts.sh` may be used.
"""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """What breaks it and what repairs it."""

    do: str
    heal: str


def _filter(rule: str, *hooks: str, ns: str = "inet", table: str = "inet") -> Fault:
    """A rule of nftables that the packets of a namespace meet at each of the hooks (when they come in)."""
    chains = "\n".join(
        f"chain {hook.split()[0]} {{ type filter hook {hook} priority -300; {rule}; }}"
        for hook in hooks or ["prerouting"]
    )
    return Fault(
        f"""in_ns {ns} nft -f - <<END
        table {table} fault {{
            {chains}
        }}
END
        """,
        f"in_ns {ns} nft delete table {table} fault",
    )


def _portal(port: int, wall: str = "") -> Fault:
    """The router answers every name with itself, and every page from its portal at `port`."""
    return Fault(
        f"""dns_stop $ROUTER
        dns_start $ROUTER --address=/#/$(lan_of $ROUTER)
        in_ns $ROUTER nft -f - <<END
        table ip fault {{
            chain catch {{
                type nat hook prerouting priority dstnat
                iifname lan tcp dport 80 redirect to :{port}
            }}
            {wall}
        }}
END
        """,
        "in_ns $ROUTER nft delete table ip fault; dns_stop $ROUTER; dns_provider $ROUTER",
    )


FAULTS = {
    # the cable is out: no carrier at the office's end
    "link_down": Fault("ip -n $ROUTER link set lan down", "ip -n $ROUTER link set lan up"),
    # the router is dead, the socket it hangs on is not: carrier, but nobody answers, not even ARP
    "gateway_dead": _filter("policy drop", "ingress device lan", ns="$ROUTER", table="netdev"),
    # somewhere at the provider packets vanish; the router does not know
    "blackhole": _filter("iifname $LINE drop"),
    # the router knows that the provider is gone, and says so
    "reject": _filter("oifname wan reject with icmp host-unreachable", "forward", "output", ns="$ROUTER"),
    # names only: the router's resolver has ended, hangs, or refuses
    "dns_kill": Fault("dns_stop $ROUTER", "dns_provider $ROUTER"),
    "dns_hang": Fault("dns_signal $ROUTER STOP", "dns_signal $ROUTER CONT"),
    "dns_refused": Fault("dns_stop $ROUTER; dns_start $ROUTER", "dns_stop $ROUTER; dns_provider $ROUTER"),
    # somebody wants a login first: sends us there, shows it in place of every page, or shuts all else as well
    "portal_302": _portal(8302),
    "portal_200": _portal(8200),
    "portal_walled": _portal(8302, "chain wall { type filter hook forward priority 0; policy drop; }"),
    # our website for all the world: connection refused, no answer, an error page
    "site_down": _filter("ip daddr 203.0.113.10 reject with tcp reset", "input"),
    "site_hangs": _filter("ip daddr 203.0.113.10 drop"),
    "site_error": Fault("touch /run/lab/site-broken", "rm /run/lab/site-broken"),
    # our website from here only: the way to it is broken on this line
    "site_unreachable_here": _filter("iifname $LINE ip daddr 203.0.113.10 drop"),
    # the telephone server has ended, or hangs
    "phone_dead": Fault("phone_stop", "phone_start"),
    "phone_hangs": Fault("phone_signal STOP", "phone_signal CONT"),
    # the mail server has ended, or hangs (`Lab.start_mail` first)
    "mail_dead": Fault("mail_stop", "mail_start"),
    "mail_hangs": Fault("mail_signal STOP", "mail_signal CONT"),
    # one packet in so many is lost on its way to the provider
    "loss": _filter("iifname $LINE numgen random mod 100 < $PERCENT drop"),
}
