#!/bin/sh
# boot_host.sh BASE UPPER WORK ROOT NAME [COMMAND...]: becomes the systemd of one lab host, or an
# installer's environment that lasts as long as COMMAND does.
# Runs in fresh net, mount, pid, uts, ipc and cgroup namespaces, all of which end with it.
set -eu
base=$1 upper=$2 work=$3 root=$4 name=$5
shift 5
[ $# -gt 0 ] || set -- /lib/systemd/systemd --log-target=journal --system

# The supervisor plugs eth0 into our network namespace, then sends a line.
echo unshared
read -r _plugged

hostname "$name"
mount -t overlay overlay -o "lowerdir=$base,upperdir=$upper,workdir=$work" "$root"
cd "$root"

mount -t proc -o nosuid,nodev,noexec proc proc
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys
mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755,nosuid,nodev tmpfs run
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs tmp

mount -t tmpfs -o mode=755,nosuid tmpfs dev
for device in null zero full random urandom tty; do
  : > "dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
: > dev/console
mount --bind /dev/null dev/console

# Each boot has an identity of its own, or nobody could tell that the host was restarted.
cat /proc/sys/kernel/random/uuid > run/boot_id
mount --bind run/boot_id proc/sys/kernel/random/boot_id
mount -o remount,bind,ro proc/sys/kernel/random/boot_id
rm run/boot_id

# The kernel is the machine's: its settings can be read here, and only those of the network,
# which are this host's own, be written.
mount --rbind proc/sys proc/sys
mount --bind proc/sys/net proc/sys/net
mount -o remount,bind,ro,nosuid,nodev,noexec proc/sys
for file in proc/sysrq-trigger proc/irq proc/bus proc/fs; do
  if [ -e "$file" ]; then
    mount --bind "$file" "$file"
    mount -o remount,bind,ro "$file"
  fi
done
for file in proc/kcore proc/kmsg; do
  if [ -e "$file" ]; then mount --bind /dev/null "$file"; fi
done

mkdir -p run/.machine
pivot_root . run/.machine
umount -l /run/.machine
rmdir /run/.machine

exec env -i container=clusterwright TERM=dumb PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  setpriv --bounding-set=-sys_time,-sys_module,-sys_boot,-sys_resource,-sys_rawio,-syslog \
  "$@"
