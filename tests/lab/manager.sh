# Runs NetworkManager in the office of a laboratory of its own, over a bus of its own; says "ready", and ends with its input.
# Its profiles: dsl and lte as the laboratory has them; lte-dhcp asks for an address that nobody gives.
set -eu
D=/run/lab/manager
mkdir -p $D/etc/system-connections $D/var /run/NetworkManager

cat >$D/bus.conf <<END
<busconfig>
  <type>system</type>
  <listen>unix:path=$D/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/><allow own="*"/><allow send_destination="*" eavesdrop="false"/><allow receive_sender="*"/>
  </policy>
</busconfig>
END
cat >$D/etc/NetworkManager.conf <<END
[main]
plugins=keyfile
dhcp=internal
rc-manager=unmanaged
auth-polkit=false
no-auto-default=*
END

# profile NAME INTERFACE AUTOCONNECT IPV4-LINE...
profile() {
    file=$D/etc/system-connections/$1.nmconnection
    printf '[connection]\nid=%s\ntype=ethernet\ninterface-name=%s\nautoconnect=%s\n' "$1" "$2" "$3" >"$file"
    shift 3
    printf '[ipv4]\n' >>"$file"
    printf '%s\n' "$@" >>"$file"
    printf '[ipv6]\nmethod=disabled\n' >>"$file"
    chmod 600 "$file"
}
profile dsl dsl0 true method=manual address1=192.168.1.10/24,192.168.1.1
profile lte lte0 false method=manual address1=192.168.8.10/24,192.168.8.1
profile lte-dhcp lte0 false method=auto dhcp-timeout=2

for line in dsl0 lte0; do
    ip addr flush dev $line
    ip link set $line down
done
mount --bind $D/etc /etc/NetworkManager
mount --bind $D/var /var/lib/NetworkManager
mount -o remount,ro,bind /sys # else NetworkManager waits for udev, which is not there, and manages nothing

export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$D/bus
dbus-daemon --config-file=$D/bus.conf --nofork --nopidfile --nosyslog >$D/bus.log 2>&1 &
while [ ! -S $D/bus ]; do sleep 0.02; done
NetworkManager --debug >$D/log 2>&1 &
until [ "$(nmcli -g GENERAL.STATE device show dsl0 2>/dev/null)" = "100 (connected)" ]; do sleep 0.05; done

echo ready
exec cat
