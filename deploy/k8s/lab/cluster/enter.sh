#!/bin/sh
# The first process of the namespaces of a cluster: gives them folders of their own where programs of
# nodes write, and runs a command. Called through unshare: enter.sh FOLDER COMMAND...
set -eu
folder=$1
shift
mkdir -p "$folder/flags"

# The name server of the cluster, for the command that runs in it too.
printf 'search gelar.svc.cluster.local\nnameserver 10.96.0.10\n' > "$folder/resolv.conf"
mount --bind "$folder/resolv.conf" /etc/resolv.conf
for written in /run /var/lib /var/log; do
    mount -t tmpfs tmpfs "$written"
done

# The kubelet demands these flags of the kernel, which belong to the machine and stay as they are.
flag() {
    echo "$2" > "$folder/flags/$(basename "$1")"
    mount --bind "$folder/flags/$(basename "$1")" "$1"
}
flag /proc/sys/vm/overcommit_memory 1
flag /proc/sys/kernel/panic 10
flag /proc/sys/kernel/panic_on_oops 1

ip link set lo up
sysctl -qw net.ipv4.ip_forward=1 net.bridge.bridge-nf-call-iptables=1

# Not exec: this shell takes the processes that lose their parent, and its end is the end of all.
set +e
"$@"
exit $?
