#!/bin/sh
# Process 1 of a worker: what systemd does on a real one, as far as the tests look.
# A unit is a script in /opt/machine/units that execs its program; the shim `systemctl` controls them.
set -eu
. /opt/machine/machine.env # NAME ADDRESS ROUTES RESTART_SECONDS
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root

refuse() {
  echo "init of $NAME refuses to go on: $*"
  exit 1
}

# cover FILE WITH: from then on FILE of this worker's /proc is WITH, which is proven, and no longer the machine's own.
cover() {
  before=$(stat -c %d:%i "$1")
  wanted=$(stat -c %d:%i "$2")
  mount --bind "$2" "$1"
  after=$(stat -c %d:%i "$1")
  [ "$after" = "$wanted" ] || refuse "$1 is $after and not $wanted"
  [ "$after" != "$before" ] || refuse "$1 is still the machine's own"
}

# cover_setting NAME VALUE: a kernel setting that is the whole machine's becomes a plain file.
cover_setting() {
  [ -e "/proc/sys/$1" ] || return 0
  file=/run/settings/$(echo "$1" | tr / .)
  echo "$2" >"$file"
  cover "/proc/sys/$1" "$file"
}

# supervise UNIT: runs it, and again RESTART_SECONDS after it died, but not while it is stopped.
supervise() {
  state=/run/units/$1
  while :; do
    while [ -e "$state.stopped" ]; do sleep 0.1; done
    rm -f "$state.start"
    "/opt/machine/units/$1" >>"/var/log/$1.log" 2>&1 </dev/null &
    echo $! >"$state.pid"
    wait $! || true
    rm -f "$state.pid"
    tenths=$((RESTART_SECONDS * 10))
    while [ "$tenths" -gt 0 ] && [ ! -e "$state.start" ] && [ ! -e "$state.stopped" ]; do
      sleep 0.1
      tenths=$((tenths - 1))
    done
  done
}

start() { supervise "$1" & }

mount --make-rshared /
hostname "$NAME"
mkdir -p /run/settings /run/units /run/sshd /run/lock

# Magic SysRq acts on the whole machine: it must lead to the power controller before anybody can log in.
if [ -e /proc/sysrq-trigger ]; then
  cover /proc/sysrq-trigger /run/power
  [ -p /proc/sysrq-trigger ] || refuse "/proc/sysrq-trigger is no pipe"
fi
cover_setting kernel/sysrq 1
# What the kubelet would set.
cover_setting kernel/panic 10
cover_setting kernel/panic_on_oops 1
cover_setting kernel/keys/root_maxkeys 1000000
cover_setting kernel/keys/root_maxbytes 25000000
cover_setting vm/overcommit_memory 1
cover_setting vm/panic_on_oom 0
cover_setting kernel/random/boot_id "$(cat /proc/sys/kernel/random/uuid)"

until [ -e /sys/fs/cgroup ] && ip link show eth0 >/dev/null 2>&1; do sleep 0.02; done
ip link set lo up
ip address add "$ADDRESS/24" dev eth0
ip link set eth0 up
for route in $ROUTES; do ip route add "${route%,*}" via "${route#*,}"; done
echo 1 >/proc/sys/net/ipv4/ip_forward

start ssh
start containerd
until ctr --connect-timeout 1s version >/dev/null 2>&1; do sleep 0.1; done
if [ ! -e /var/lib/images-imported ]; then
  for image in /opt/images/*.tar; do ctr -n k8s.io images import "$image"; done
  touch /var/lib/images-imported
fi
for unit in /opt/machine/units/kube*; do start "${unit##*/}"; done
wait
