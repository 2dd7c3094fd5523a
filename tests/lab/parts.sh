# The parts of the laboratory that are started when it is built and again when a fault is healed.

in_ns() { ip netns exec "$@"; }

# main_line dsl|lte [OTHER]: the line that the office uses unless it asks for the other one, if it has one.
main_line() {
    ip -n office route flush exact default
    ip -n office route add default via "$(lan_of "r$1")" dev "${1}0" metric 100
    [ $# = 1 ] || ip -n office route add default via "$(lan_of "r$2")" dev "${2}0" metric 200
    echo "nameserver $(lan_of "r$1")" >/run/lab/resolv.conf
}

# dns_start NAMESPACE [DNSMASQ OPTION]...: answers live 0 s, so nothing is cached and no test warms another's names.
# An ordinary user's namespace has no other user or group to become.
dns_start() {
    ns=$1
    shift
    in_ns "$ns" dnsmasq --conf-file=/dev/null --no-hosts --no-resolv --user= --group= \
        --pid-file="/run/lab/dns-$ns.pid" "$@"
}

lan_of() { case $1 in rdsl) echo 192.168.1.1 ;; rlte) echo 192.168.8.1 ;; esac; }

provider_of() { case $1 in rdsl) echo 100.64.1.1 ;; rlte) echo 100.64.2.1 ;; esac; }

# dns_provider ROUTER: the router asks the provider's resolver at the other end of its line.
dns_provider() { dns_start "$1" --server="$(provider_of "$1")"; }

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
