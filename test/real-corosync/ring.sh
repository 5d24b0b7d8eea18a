# A ring of three real corosync nodes, each with its own network, mounts and processes, joined by a bridge.
# Run as the first process of new network, mount and PID namespaces: when this shell ends, as it does when its standard
# input ends, the kernel ends every process in them, and with the last process go interfaces, mounts and files.
#
# usage: ring.sh TOKEN_MS TOKEN_COEFFICIENT_MS     node N's log goes to descriptor 2+N
# commands on standard input, each answered by itself on standard output:
#   start N   starts node N, once what ran there has ended
#   cut N     cuts the power of node N: SIGKILL to all of its processes, and its cable is dead
#   leave N   stops node N's corosync as its systemd unit does
#   term N    stops node N's corosync with SIGTERM
#   message N sends a message round the ring from node N
#   timers N  first prints the timers that node N's corosync has computed
set -eu
token=$1
coefficient=$2

mount -t tmpfs none /run
mkdir /run/netns
ip link set lo up
ip link add ring type bridge
ip link set ring up

for node in 1 2 3; do
  ip netns add "node$node"
  ip link add "port$node" type veth peer name eth0 netns "node$node"
  ip link set "port$node" master ring
  ip -n "node$node" address add "10.77.0.$node/24" dev eth0
  ip -n "node$node" link set lo up
  ip -n "node$node" link set eth0 up
  mkdir -p "/run/node$node/etc/uidgid.d" "/run/node$node/state"
  cat >"/run/node$node/etc/corosync.conf" <<CONF
totem {
  version: 2
  cluster_name: twin
  transport: knet
  crypto_cipher: none
  crypto_hash: none
  token: $token
  token_coefficient: $coefficient
}
logging {
  to_stderr: yes
  to_logfile: no
  to_syslog: no
  timestamp: hires
}
quorum {
  provider: corosync_votequorum
}
system {
  move_to_root_cgroup: no
}
nodelist {
$(for id in 1 2 3; do printf '  node {\n    nodeid: %s\n    name: node%s\n    ring0_addr: 10.77.0.%s\n  }\n' $id $id $id; done)
}
CONF
done

# The node's /dev/shm and /run are its own, since corosync's clients speak to it through them.
start() {
  eval "previous=\${unshare$1:-}"
  [ -z "$previous" ] || wait "$previous" || true
  ip link set "port$1" up
  nsenter --net="/run/netns/node$1" \
    unshare --mount --pid --fork --kill-child --mount-proc sh -euc "
      mount --bind /run/node$1/etc /etc/corosync
      mount --bind /run/node$1/state /var/lib/corosync
      mount -t tmpfs none /dev/shm
      mount -t tmpfs none /run
      exec corosync -f" 2>&"$((2 + $1))" &
  eval "unshare$1=$!"
}

# The corosync of node $1: the one child of its unshare. /proc ends the line without a newline, which read calls a failure.
corosync_of() {
  eval "parent=\$unshare$1"
  read -r corosync <"/proc/$parent/task/$parent/children" || test -n "$corosync"
}

# Runs a program on the node of the process $corosync.
on_node() {
  nsenter --target "$corosync" --net --mount "$@"
}

while read -r command node; do
  [ "$command" = start ] || corosync_of "$node"
  case $command in
  start) start "$node" ;;
  cut) kill -KILL "$corosync" ;;
  leave) on_node corosync-cfgtool -H --force >/dev/null ;;
  term) kill -TERM "$corosync" ;;
  message) on_node corosync-quorumtool -e 3 >/dev/null ;;
  timers) on_node corosync-cmapctl runtime.config.totem. ;;
  esac
  echo "$command $node"
  # After the answer, which says when the processes died. A dead machine's port says nothing, not even "refused".
  [ "$command" != cut ] || ip link set "port$node" down
done
