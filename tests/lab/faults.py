"""The faults of the laboratory: for each, the shell commands that break one thing and those that repair it.

$LINE is `dsl` or `lte`, $ROUTER its router; the words of `parts.sh` may be used.
"""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """What breaks it and what repairs it; `prefix` is what the program begins with that this is to reach."""

    do: str
    heal: str
    prefix: tuple[str, ...] = ()


def _filter(rule: str, *hooks: str, ns: str = "inet", table: str = "inet", priority: int = -300) -> Fault:
    """A rule of nftables that the packets of a namespace meet at each of the hooks (when they come in)."""
    chains = "\n".join(
        f"chain {hook.split()[0]} {{ type filter hook {hook} priority {priority}; {rule}; }}"
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
        table ip6 fault {{
            chain wall {{ type filter hook forward priority 0; reject; }}
        }}
END
        """,
        """in_ns $ROUTER nft 'delete table ip fault; delete table ip6 fault'
        dns_stop $ROUTER; dns_provider $ROUTER""",
    )


def _names(*options: str) -> Fault:
    """The router's resolver goes by other rules."""
    return Fault(
        f"dns_stop $ROUTER; dns_start $ROUTER {' '.join(options)}", "dns_stop $ROUTER; dns_provider $ROUTER"
    )


def _tunnel(*routes: str, is_held: bool = True) -> Fault:
    """A tunnel that leads nowhere takes the routes; somebody holds its end, unless the VPN's program has ended."""
    held = """ip netns exec office python3 -IS "$HERE/tunnel.py" tun0 2>/dev/null & echo $! >/run/lab/tunnel.pid
        until [ -e /run/lab/tunnel.up ]; do sleep 0.01; done"""
    made = "ip -n office tuntap add tun0 mode tun"
    lead = "\n".join(f"ip -n office route add {each} dev tun0 metric 5" for each in routes)
    return Fault(
        f"""{held if is_held else made}
        ip -n office addr add 10.8.0.2/24 dev tun0
        ip -n office link set tun0 up
        {lead}
        """,
        """if [ -e /run/lab/tunnel.pid ]; then kill "$(cat /run/lab/tunnel.pid)"; else ip -n office link del tun0; fi
        rm -f /run/lab/tunnel.pid /run/lab/tunnel.up
        while ip -n office link show tun0 >/dev/null 2>&1; do sleep 0.01; done""",
    )


FAULTS = {
    # the cable is out: no carrier at the office's end
    "link_down": Fault("ip -n $ROUTER link set lan down", "ip -n $ROUTER link set lan up"),
    # the router is dead, the socket it hangs on is not: carrier, but nobody answers, not even ARP
    "gateway_dead": _filter("policy drop", "ingress device lan", ns="$ROUTER", table="netdev"),
    # somewhere at the provider packets vanish; the router does not know
    "blackhole": _filter("iifname $LINE drop"),
    # the router knows that the provider is gone, and says so
    "reject": _filter("oifname wan reject with icmpx host-unreachable", "forward", "output", ns="$ROUTER"),
    # names only: the router's resolver has ended, hangs, or refuses
    "dns_kill": Fault("dns_stop $ROUTER", "dns_provider $ROUTER"),
    "dns_hang": Fault("dns_signal $ROUTER STOP", "dns_signal $ROUTER CONT"),
    "dns_refused": _names(),
    # … says of every name that there is none, or of ours only that it is elsewhere
    "names_denied": _names("--local=/#/"),
    "our_name_wrong": _names("--server=$(provider_of $ROUTER)", "--host-record=www.office.test,203.0.113.66"),
    # somebody wants a login first: sends us there, shows it in place of every page, or shuts all else as well
    "portal_302": _portal(8302),
    "portal_200": _portal(8200),
    "portal_walled": _portal(8302, "chain wall { type filter hook forward priority 0; policy drop; }"),
    # the provider shows its own page in place of all others, but lets the makers' pages through that tell of a login
    "wall": Fault(
        """in_ns inet nft -f - <<END
        table ip fault {
            chain catch {
                type nat hook prerouting priority -110
                iifname $LINE ip daddr != 203.0.113.20 tcp dport 80 dnat to 203.0.113.66:8066
                iifname $LINE ip daddr != 203.0.113.20 tcp dport 443 dnat to 203.0.113.66:8466
            }
        }
END
        """,
        "in_ns inet nft delete table ip fault",
    ),
    # encrypted pages only
    "https_dropped": _filter("iifname $LINE tcp dport 443 drop"),
    # what is longer than a small packet vanishes, and nobody says so
    "big_packets_dropped": Fault(
        """ip -n inet link set $LINE gso_max_segs 1
        ip -n office link set ${LINE}0 gso_max_segs 1
        in_ns inet nft -f - <<END
        table inet fault {
            chain to { type filter hook prerouting priority -300; iifname $LINE meta length > 1000 drop; }
            chain from { type filter hook postrouting priority 300; oifname $LINE meta length > 1000 drop; }
        }
END
        """,
        """in_ns inet nft delete table inet fault
        ip -n inet link set $LINE gso_max_segs 65535
        ip -n office link set ${LINE}0 gso_max_segs 65535""",
    ),
    # everything comes, at the pace of thirty years ago
    "slow": Fault(
        "in_ns $ROUTER tc qdisc add dev lan root tbf rate 256kbit burst 4kb latency 2s",
        "in_ns $ROUTER tc qdisc del dev lan root",
    ),
    # somebody between us and the provider has no room left for new connections; those that were made go on
    "table_full": _filter("iifname $LINE ct state new meta l4proto { tcp, udp } drop", priority=-150),
    # one family of addresses only; `Lab.speak("46")` first
    "four_dead": _filter("iifname $LINE meta nfproto ipv4 drop"),
    "six_dead": _filter("iifname $LINE meta nfproto ipv6 drop"),
    "site_four_dead": _filter("ip daddr 203.0.113.10 drop"),
    "site_six_dead": _filter("ip6 daddr 2001:db8:f::10 drop"),
    # the clock of the computer that looks
    "clock_ahead": Fault("", "", ("faketime", "-f", "+730d")),
    "clock_behind": Fault("", "", ("faketime", "-f", "-730d")),
    # nobody gave the computer an address, so it made one up
    "no_lease": Fault(
        """ip -n office addr flush dev ${LINE}0
        ip -n office addr add 169.254.7.7/16 dev ${LINE}0""",
        """families $(spoken)
        main_line $LINES""",
    ),
    # somebody put a second router on the office network, which leads nowhere, and the computer was told to use it
    "wrong_router": Fault(
        """ip netns add stray
        ip -n $ROUTER link add link lan name stray type macvlan mode bridge
        ip -n $ROUTER link set stray netns stray
        ip -n stray link set lo up
        ip -n stray addr add $(lan_of $ROUTER)54/24 dev stray
        ip -n stray link set stray up
        ip -n office route replace default via $(lan_of $ROUTER)54 dev ${LINE}0 metric $METRIC""",
        """ip netns del stray
        main_line $LINES""",
    ),
    # a tunnel takes all traffic, or both halves of it, and leads nowhere
    "tunnel_dead": _tunnel("default"),
    "tunnel_halves_dead": _tunnel("0.0.0.0/1", "128.0.0.0/1"),
    "tunnel_ended": _tunnel("0.0.0.0/1", "128.0.0.0/1", is_held=False),
    # our website for all the world: connection refused, no answer, an error page
    "site_down": _filter(
        "ip daddr 203.0.113.10 reject with tcp reset; ip6 daddr 2001:db8:f::10 reject with tcp reset", "input"
    ),
    "site_hangs": _filter("ip daddr 203.0.113.10 drop; ip6 daddr 2001:db8:f::10 drop"),
    "site_error": Fault("touch /run/lab/site-broken", "rm /run/lab/site-broken"),
    # our website from here only: the way to it is broken on this line
    "site_unreachable_here": _filter(
        "iifname $LINE ip daddr 203.0.113.10 drop; iifname $LINE ip6 daddr 2001:db8:f::10 drop"
    ),
    # the telephone server has ended, or hangs
    "phone_dead": Fault("phone_stop", "phone_start"),
    "phone_hangs": Fault("phone_signal STOP", "phone_signal CONT"),
    # the mail server has ended, or hangs (`Lab.start_mail` first)
    "mail_dead": Fault("mail_stop", "mail_start"),
    "mail_hangs": Fault("mail_signal STOP", "mail_signal CONT"),
    # one packet in so many is lost on its way to the provider
    "loss": _filter("iifname $LINE numgen random mod 100 < $PERCENT drop"),
    # … and as many on their way back
    "loss_both_ways": Fault(
        """in_ns inet nft -f - <<END
        table inet fault {
            chain to {
                type filter hook prerouting priority -300
                iifname $LINE numgen random mod 100 < $PERCENT drop
            }
            chain from {
                type filter hook postrouting priority 300
                oifname $LINE numgen random mod 100 < $PERCENT drop
            }
        }
END
        """,
        "in_ns inet nft delete table inet fault",
    ),
    # … each so-manieth packet both ways, so that chance does not decide what is near a limit
    "loss_steady": Fault(
        """in_ns inet nft -f - <<END
        table inet fault {
            chain to {
                type filter hook prerouting priority -300
                iifname $LINE numgen inc mod $((100 / PERCENT)) 0 drop
            }
            chain from {
                type filter hook postrouting priority 300
                oifname $LINE numgen inc mod $((100 / PERCENT)) 0 drop
            }
        }
END
        """,
        "in_ns inet nft delete table inet fault",
    ),
}
