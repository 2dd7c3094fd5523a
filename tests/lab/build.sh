# Builds the laboratory inside the namespaces it is started in, says "ready", and keeps it until its input ends.
#
#             dsl0 192.168.1.10            lan .1  rdsl  wan 100.64.1.2          dsl 100.64.1.1
#   office  <                 -------------------- NAT, DNS ------------------------           >  inet
#             lte0 192.168.8.10            lan .1  rlte  wan 100.64.2.2          lte 100.64.2.1
#
# inet carries, each with an address of its own: the public resolvers 1.1.1.1, 8.8.8.8 and 9.9.9.9 (ping, DNS, TCP
# 443), our website www.office.test (203.0.113.10), other people's sites (203.0.113.20), our telephone server
# sip.office.test (203.0.113.30) and, once it is started, our mail server mail.office.test (203.0.113.40). The providers' own resolvers are 100.64.1.1 and 100.64.2.1.
set -eu
PYTHON=$1
. "$HERE/parts.sh"

resolv=$(readlink -m /etc/resolv.conf)
mount -t tmpfs tmpfs /run
mkdir -p /run/lab /run/netns "$(dirname "$resolv")"
: >/run/lab/resolv.conf
[ -e "$resolv" ] || : >"$resolv"
mount --bind /run/lab/resolv.conf "$resolv"

for ns in office rdsl rlte inet; do ip netns add $ns; done
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
addr add 203.0.113.30/32 dev lo
addr add 203.0.113.40/32 dev lo
addr add 100.64.1.1/24 dev dsl
addr add 100.64.2.1/24 dev lte
link set dsl up
link set lte up
END

# router NAME WAN-ADDRESS
router() {
    ip -n "$1" -batch - <<END
link set lo up
addr add $(lan_of "$1")/24 dev lan
addr add $2/24 dev wan
link set lan up
link set wan up
route add default via $(provider_of "$1")
END
    # Every packet that is refused is told so; a router spares itself that after the first few, and looks would differ.
    in_ns "$1" sh -c 'cd /proc/sys/net/ipv4; echo 1 >ip_forward; echo 0 >icmp_ratelimit'
    in_ns "$1" nft -f - <<END
table ip nat {
    chain out { type nat hook postrouting priority srcnat; oifname "wan" masquerade; }
}
END
    dns_provider "$1"
}
router rdsl 100.64.1.2
router rlte 100.64.2.2

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
    --host-record=www.office.test,203.0.113.10 --host-record=sip.office.test,203.0.113.30 \
    --host-record=mail.office.test,203.0.113.40 --host-record=control.test,203.0.113.20 --host-record=connectivitycheck.gstatic.com,203.0.113.20 \
    --host-record=captive.apple.com,203.0.113.20 --host-record=detectportal.firefox.com,203.0.113.20 \
    --host-record=www.msftconnecttest.com,203.0.113.20

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj '/CN=Laboratory' \
    -addext 'subjectAltName=DNS:*.office.test,DNS:control.test,IP:1.1.1.1,IP:8.8.8.8,IP:9.9.9.9' \
    -keyout /run/lab/key.pem -out /run/lab/cert.pem 2>/dev/null
in_ns inet "$PYTHON" -IS "$HERE/web.py" inet &
in_ns rdsl "$PYTHON" -IS "$HERE/web.py" portal &
in_ns rlte "$PYTHON" -IS "$HERE/web.py" portal &
phone_start
wait

echo ready
exec cat
