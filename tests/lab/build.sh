# Builds the laboratory inside the namespaces it is started in, says "ready", and keeps it until its input ends.
#
#             dsl0 192.168.1.10            lan .1  rdsl  wan 100.64.1.2          dsl 100.64.1.1
#   office  <                 -------------------- NAT, DNS ------------------------           >  inet
#             lte0 192.168.8.10            lan .1  rlte  wan 100.64.2.2          lte 100.64.2.1
#
# inet carries, each with an address of its own: the public resolvers 1.1.1.1, 8.8.8.8 and 9.9.9.9 (ping, DNS, TCP
# 443), our website www.office.test (203.0.113.10), the makers' pages that tell of a login page (203.0.113.20), other
# people's sites (203.0.113.21, $FOREIGN), our telephone server
# sip.office.test (203.0.113.30), the provider's wall (203.0.113.66) and, once it is started, our mail server
# mail.office.test (203.0.113.40). The providers' own resolvers are 100.64.1.1 and 100.64.2.1.
#
# IPv6 stands beside it: 2001:db8:1::/64 behind rdsl and 2001:db8:8::/64 behind rlte, the public resolvers' addresses,
# 2001:db8:f::10, ::20 and ::21. The office has none of it until it is given some (`families` in parts.sh).
set -eu
PYTHON=$1
. "$HERE/parts.sh"

resolv=$(readlink -m /etc/resolv.conf)
mount -t tmpfs tmpfs /run
mkdir -p /run/lab /run/netns "$(dirname "$resolv")"
: >/run/lab/resolv.conf
[ -e "$resolv" ] || : >"$resolv"
mount --bind /run/lab/resolv.conf "$resolv"

for ns in office rdsl rlte inet; do
    ip netns add $ns
    in_ns $ns sh -c 'cd /proc/sys/net/ipv6; echo 0 >conf/all/accept_dad; echo 0 >conf/default/accept_dad; echo 1 >conf/all/keep_addr_on_down
        echo 0 >icmp/ratelimit'
done
ip -n office link add dsl0 type veth peer name lan netns rdsl
ip -n office link add lte0 type veth peer name lan netns rlte
ip -n inet link add dsl type veth peer name wan netns rdsl
ip -n inet link add lte type veth peer name wan netns rlte

ip -n inet -batch - <<'END'
link set lo up
addr add 1.1.1.1/32 dev lo
addr add 8.8.8.8/32 dev lo
addr add 9.9.9.9/32 dev lo
addr add 203.0.113.10/32 dev lo
addr add 203.0.113.20/32 dev lo
addr add 203.0.113.21/32 dev lo
addr add 203.0.113.30/32 dev lo
addr add 203.0.113.40/32 dev lo
addr add 203.0.113.66/32 dev lo
addr add 2606:4700:4700::1111/128 dev lo
addr add 2001:4860:4860::8888/128 dev lo
addr add 2620:fe::fe/128 dev lo
addr add 2001:db8:f::10/128 dev lo
addr add 2001:db8:f::20/128 dev lo
addr add 2001:db8:f::21/128 dev lo
addr add 100.64.1.1/24 dev dsl
addr add 100.64.2.1/24 dev lte
addr add 2001:db8:a1::1/64 dev dsl
addr add 2001:db8:a2::1/64 dev lte
link set dsl up
link set lte up
route add 2001:db8:1::/64 via 2001:db8:a1::2
route add 2001:db8:8::/64 via 2001:db8:a2::2
END

# router NAME WAN-ADDRESS NETWORK: the network is that of its line in IPv6
router() {
    ip -n "$1" -batch - <<END
link set lo up
addr add $(lan_of "$1")/24 dev lan
addr add $2/24 dev wan
link set lan up
link set wan up
route add default via $(provider_of "$1")
addr add $(lan_of_6 "$1")/64 dev lan
addr add $3::2/64 dev wan
route add default via $3::1
END
    # Every packet that is refused is told so; a router spares itself that after the first few, and looks would differ.
    in_ns "$1" sh -c 'cd /proc/sys/net/ipv4; echo 1 >ip_forward; echo 0 >icmp_ratelimit
        echo 1 >../ipv6/conf/all/forwarding'
    in_ns "$1" nft -f - <<END
table ip nat {
    chain out { type nat hook postrouting priority srcnat; oifname "wan" masquerade; }
}
END
    dns_provider "$1"
}
router rdsl 100.64.1.2 2001:db8:a1
router rlte 100.64.2.2 2001:db8:a2

ip -n office -batch - <<'END'
link set lo up
addr add 192.168.1.10/24 dev dsl0
addr add 192.168.8.10/24 dev lte0
link set dsl0 up
link set lte0 up
END
main_line dsl lte
# What Debian sets where systemd runs, so that an ordinary user may ping; a user namespace knows its own group only.
in_ns office sh -c 'cd /proc/sys/net/ipv4; echo "0 2147483647" >ping_group_range || echo "0 0" >ping_group_range' 2>/dev/null

dns_start inet --local=/#/ \
    --host-record=www.office.test,203.0.113.10,2001:db8:f::10 --host-record=sip.office.test,203.0.113.30 \
    --host-record=mail.office.test,203.0.113.40 --host-record=control.test,203.0.113.20 \
    --host-record=connectivitycheck.gstatic.com,203.0.113.20,2001:db8:f::20 \
    --host-record=captive.apple.com,203.0.113.20,2001:db8:f::20 \
    --host-record=detectportal.firefox.com,203.0.113.20,2001:db8:f::20 \
    --host-record=www.msftconnecttest.com,203.0.113.20,2001:db8:f::20 \
    $(foreign_names)

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj '/CN=Laboratory' \
    -addext "subjectAltName=DNS:*.office.test,DNS:control.test,$(foreign_sites),IP:1.1.1.1,IP:8.8.8.8,IP:9.9.9.9" \
    -keyout /run/lab/key.pem -out /run/lab/cert.pem 2>/dev/null
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj '/CN=Wall' \
    -addext 'subjectAltName=DNS:wall.provider.test' \
    -keyout /run/lab/wall-key.pem -out /run/lab/wall-cert.pem 2>/dev/null
in_ns inet nft -f - <<END
table ip wall {
    chain catch {
        type nat hook prerouting priority dstnat
        ip daddr 203.0.113.66 tcp dport 80 redirect to :8066
        ip daddr 203.0.113.66 tcp dport 443 redirect to :8466
    }
}
END
in_ns inet "$PYTHON" -IS "$HERE/web.py" inet &
in_ns rdsl "$PYTHON" -IS "$HERE/web.py" portal &
in_ns rlte "$PYTHON" -IS "$HERE/web.py" portal &
phone_start
wait

echo ready
exec cat
