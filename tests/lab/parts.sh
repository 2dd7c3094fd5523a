# The parts of the laboratory that are started when it is built and again when a fault is healed.

in_ns() { ip netns exec "$@"; }

# main_line dsl|lte [OTHER]: the line that the office uses unless it asks for the other one, if it has one.
main_line() {
    ip -n office route flush exact default
    ip -n office -6 route flush exact default
    case $(spoken) in *4*)
        ip -n office route add default via "$(lan_of "r$1")" dev "${1}0" metric 100
        [ $# = 1 ] || ip -n office route add default via "$(lan_of "r$2")" dev "${2}0" metric 200
        echo "nameserver $(lan_of "r$1")" >/run/lab/resolv.conf ;;
    *) echo "nameserver $(lan_of_6 "r$1")" >/run/lab/resolv.conf ;;
    esac
    case $(spoken) in *6*)
        [ "$(spoken)" = 6 ] || echo "nameserver $(lan_of_6 "r$1")" >>/run/lab/resolv.conf
        ip -n office route add default via "$(lan_of_6 "r$1")" dev "${1}0" metric 100
        [ $# = 1 ] || ip -n office route add default via "$(lan_of_6 "r$2")" dev "${2}0" metric 200 ;;
    esac
}

# families 4|6|46: what the office speaks from now on; main_line afterwards.
families() {
    for line in dsl lte; do
        ip -n office addr flush dev "${line}0" scope global
        case $1 in *4*) ip -n office addr add "$(lan_of "r$line")0/24" dev "${line}0" ;; esac
        case $1 in *6*) ip -n office addr add "$(lan_of_6 "r$line")0/64" dev "${line}0" ;; esac
    done
    echo "$1" >/run/lab/families
}

spoken() { cat /run/lab/families 2>/dev/null || echo 4; }

# dns_start NAMESPACE [DNSMASQ OPTION]...: answers live 0 s, so nothing is cached and no test warms another's names.
# An ordinary user's namespace has no other user or group to become.
dns_start() {
    ns=$1
    shift
    in_ns "$ns" dnsmasq --conf-file=/dev/null --no-hosts --no-resolv --user= --group= \
        --pid-file="/run/lab/dns-$ns.pid" "$@"
}

lan_of() { case $1 in rdsl) echo 192.168.1.1 ;; rlte) echo 192.168.8.1 ;; esac; }

lan_of_6() { case $1 in rdsl) echo 2001:db8:1::1 ;; rlte) echo 2001:db8:8::1 ;; esac; }

# Other people's sites ($FOREIGN), as options of dnsmasq and as names of a certificate, which is larger than a packet.
foreign_names() { for name in $FOREIGN; do echo "--host-record=$name,203.0.113.21,2001:db8:f::21"; done; }
foreign_sites() {
    { for name in $FOREIGN; do echo "DNS:$name"; done; seq -f 'DNS:somebody-%g.example' 150; } | paste -sd, -
}

provider_of() { case $1 in rdsl) echo 100.64.1.1 ;; rlte) echo 100.64.2.1 ;; esac; }

provider_of_6() { case $1 in rdsl) echo 2001:db8:a1::1 ;; rlte) echo 2001:db8:a2::1 ;; esac; }

# dns_provider ROUTER: the router asks the provider's resolver at the other end of its line, in both families.
dns_provider() { dns_start "$1" --all-servers --server="$(provider_of "$1")" --server="$(provider_of_6 "$1")"; }

dns_signal() { kill "-$2" "$(cat "/run/lab/dns-$1.pid")"; }

# dns_stop NAMESPACE: returns when the port is free again.
dns_stop() {
    dns_signal "$1" KILL
    while in_ns "$1" ss -Hlun 'sport = :53' | grep -q .; do sleep 0.01; done
}

# pid_written FILE: a daemon's parent may end before the daemon has written who it is; on a busy machine it does.
pid_written() { until [ -s "$1" ]; do sleep 0.01; done; }

phone_start() {
    rm -f /run/lab/phone.pid
    in_ns inet kamailio -f "$HERE/kamailio.cfg" -G /run/lab/phone.pid -Y /run/lab -m 16 -M 4 >/dev/null
    pid_written /run/lab/phone.pid
}

# phone_stop: returns when it is gone, so that it can be started again.
phone_stop() {
    phone_signal KILL
    while in_ns inet ss -Hlun 'sport = :5060' | grep -q .; do sleep 0.01; done
}

# phone_signal SIGNAL: to all processes of the telephone server, which are one process group.
phone_signal() { kill -s "$1" -- "-$(cat /run/lab/phone.pid)"; }

# mail_start: only for those who need it, since it needs users of its own, which an ordinary user cannot become.
mail_start() {
    mkdir -p /run/lab/mail
    chown mail: /run/lab/mail
    in_ns inet dovecot -c "$HERE/dovecot.conf" >/run/lab/dovecot.said 2>&1 || {
        cat /run/lab/dovecot.said /run/lab/dovecot.log >&2
        return 1
    }
    pid_written /run/lab/dovecot/master.pid
}

# mail_stop: returns when it is gone, so that it can be started again.
mail_stop() {
    mail_signal KILL
    while in_ns inet ss -Hltn 'src 203.0.113.40' | grep -q .; do sleep 0.01; done
    rm -f /run/lab/dovecot/master.pid
}

# mail_signal SIGNAL: to all processes of the mail server, which are one process group.
mail_signal() { kill -s "$1" -- "-$(cat /run/lab/dovecot/master.pid)"; }
