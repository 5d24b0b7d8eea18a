#!/usr/bin/env bash
# Makes a Proxmox VE template with the probe desktop. Run it as root on one node of the cluster.
set -euo pipefail

usage() {
  cat <<'END'
Usage: make-template.sh --vmid ID --storage NAME [options]

Makes a Proxmox VE template (7.2 or newer) with the probe desktop: Debian 12, Xfce, TigerVNC, noVNC on port 6080, and the
QEMU guest agent. It starts the machine once, which installs everything, and needs about ten minutes.

  --vmid ID             a free VMID, e.g. 9000
  --storage NAME        shared storage for disk and cloud-init drive: HA can start a clone only where it reaches both
  --bridge NAME[,tag=N] default vmbr0. For the first start it needs DHCP and a way to deb.debian.org
  --name NAME           default probe-desktop
  --memory MIB          default 2048
  --cores N             default 2
  --disk SIZE           default 8G
  --image FILE          a debian-12-generic-amd64.qcow2 that is here already, instead of downloading it
  --vnc-password FILE   file with a VNC password of 6 to 8 characters; without it VNC asks for none
  --timeout SECONDS     how long the first start may take, default 1800
  --keep                leave the machine as it is when something fails, to look at its console
  --dry-run             print every command, run none
  --print-user-data     print the cloud-init user-data and stop
  --help                this text

Clones get their address by DHCP; change that on the template afterwards (qm set ID --ipconfig0 ...).
END
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
images=https://cloud.debian.org/images/cloud/bookworm/latest
image_name=debian-12-generic-amd64.qcow2

vmid='' storage='' bridge=vmbr0 name=probe-desktop memory=2048 cores=2 disk=8G image='' vnc_password='' timeout=1800
keep=no dry_run=no print_user_data=no
# Set as soon as there may be something to undo.
mark='' work=''

fail() {
  printf 'make-template: %s\n' "$*" >&2
  exit 1
}

usage_error() {
  printf 'make-template: %s. See --help.\n' "$*" >&2
  exit 2
}

parse_arguments() {
  while (($# > 0)); do
    case $1 in
      --keep) keep=yes ;;
      --dry-run) dry_run=yes ;;
      --print-user-data) print_user_data=yes ;;
      --help) usage && exit 0 ;;
      --vmid | --storage | --bridge | --name | --memory | --cores | --disk | --image | --vnc-password | --timeout)
        (($# > 1)) || usage_error "$1 needs a value"
        local variable=${1#--}
        printf -v "${variable//-/_}" '%s' "$2"
        shift
        ;;
      *) usage_error "there is no option $1" ;;
    esac
    shift
  done
}

must_match() { [[ $2 =~ ^($3)$ ]] || usage_error "$1 must be $4, not '$2'"; }

check_arguments() {
  [[ -z $image || -r $image ]] || usage_error "--image cannot be read: $image"
  if [[ -n $vnc_password ]]; then
    [[ -r $vnc_password ]] || usage_error "--vnc-password cannot be read: $vnc_password"
    # Not printed: it is a secret.
    [[ $(<"$vnc_password") =~ ^.{6,8}$ ]] || usage_error "the password in $vnc_password must have 6 to 8 characters"
  fi
  [[ $print_user_data == no ]] || return 0
  must_match --vmid "$vmid" '[1-9][0-9]{2,8}' 'a number from 100'
  must_match --storage "$storage" '[A-Za-z][A-Za-z0-9._-]*' 'the name of a storage'
  must_match --bridge "$bridge" '[A-Za-z][A-Za-z0-9_.-]*(,tag=[0-9]+)?' 'a bridge, perhaps with a VLAN (vmbr0,tag=5)'
  must_match --name "$name" '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?' 'a host name'
  must_match --memory "$memory" '[1-9][0-9]{2,6}' 'a number of MiB'
  must_match --cores "$cores" '[1-9][0-9]{0,2}' 'a number'
  must_match --disk "$disk" '[1-9][0-9]{0,4}G' 'a size like 8G'
  must_match --timeout "$timeout" '[1-9][0-9]{0,5}' 'a number of seconds'
}

# Runs a command, or only prints it.
run() {
  if [[ $dry_run == yes ]]; then
    printf '%q ' "$@"
    printf '\n'
  else
    "$@" || fail "this failed: $*"
  fi
}

check_surroundings() {
  if [[ $dry_run == yes ]]; then
    echo "# check: root, the programs, VMID $vmid is free, storage $storage is active, shared and takes disk images"
    return
  fi
  [[ $(id -u) == 0 ]] || fail "it must be run as root, on a node of the cluster"
  local program
  for program in qm pvesh curl sha512sum genisoimage; do
    command -v "$program" >/dev/null || fail "$program is missing: is this a node of a Proxmox VE cluster?"
  done
  pvesh get /cluster/nextid --vmid "$vmid" >/dev/null || fail "VMID $vmid is not free; choose another one"
  local status
  status=$(pvesh get "/nodes/$(hostname -s)/storage/$storage/status" --output-format json) ||
    fail "there is no storage $storage on this node"
  grep -Eq '"active" *: *"?1' <<<"$status" || fail "storage $storage is not active"
  grep -Eq '"shared" *: *"?1' <<<"$status" || fail "storage $storage is not shared: HA could not start a clone elsewhere"
  grep -Eq '"content" *: *"[^"]*images' <<<"$status" || fail "storage $storage does not take disk images"
}

encoded() { base64 --wrap=0 "$1"; }

user_data() {
  local packages password=''
  packages="[$(paste --serial --delimiters=, "$here/../packages.txt"),curl,qemu-guest-agent]"
  if [[ -n $vnc_password ]]; then
    local environment='DESKTOP_VNC_PASSWORD_FILE=/etc/probe-desktop/vnc-password'
    password="  - { path: /etc/probe-desktop/environment, content: \"$environment\" }\n"
    password+="  - { path: /etc/probe-desktop/vnc-password, permissions: \"0400\", encoding: b64, content: $(encoded "$vnc_password") }"
  fi
  local text
  text=$(<"$here/user-data.in")
  text=${text/@PACKAGES@/$packages}
  text=${text/@START_DESKTOP@/$(encoded "$here/../start-desktop.sh")}
  text=${text/@SEAL_TEMPLATE@/$(encoded "$here/seal-template.sh")}
  text=${text/@UNIT@/$(encoded "$here/probe-desktop.service")}
  printf '%s\n' "${text/@VNC_PASSWORD@/$(printf '%b' "$password")}"
}

# Undoes what was made so far. Destroys the machine only if it bears the mark of this very call.
# shellcheck disable=SC2317 # The trap calls it.
undo() {
  local code=$?
  trap - EXIT
  [[ -z $work ]] || rm -rf "$work"
  local config
  config=$(qm config "$vmid" 2>/dev/null) || config=''
  if ((code != 0)) && [[ $config == *"$mark"* ]]; then
    if [[ $keep == yes ]]; then
      echo "make-template: VM $vmid is left as it is (--keep); remove it with: qm stop $vmid; qm destroy $vmid --purge 1" >&2
    else
      echo "make-template: removing VM $vmid" >&2
      qm stop "$vmid" >/dev/null 2>&1 || true
      qm destroy "$vmid" --purge 1 >&2 ||
        echo "make-template: VM $vmid could not be removed; remove it with: qm destroy $vmid --purge 1" >&2
    fi
  fi
  exit "$code"
}

fetch_image() {
  [[ -z $image ]] || return 0
  image=$work/$image_name
  run curl --fail --silent --show-error --location --retry 3 --max-time 1800 --output "$image" "$images/$image_name"
  run curl --fail --silent --show-error --location --retry 3 --max-time 60 --output "$work/SHA512SUMS" "$images/SHA512SUMS"
  if [[ $dry_run == yes ]]; then
    echo "# check: the SHA-512 of $image is the one in SHA512SUMS"
    return
  fi
  local wanted
  wanted=$(awk -v name="$image_name" '$2 == name { print $1 }' "$work/SHA512SUMS")
  [[ -n $wanted ]] || fail "$images/SHA512SUMS does not name $image_name"
  sha512sum --check --quiet <<<"$wanted  $image" ||
    fail "the image does not have the checksum that Debian publishes; try again (it may just have been renewed)"
}

# The user-data travels on a small disk of its own, which cloud-init finds by its label.
make_seed() {
  if [[ $dry_run == yes ]]; then
    echo "# write: $work/user-data and $work/meta-data"
  else
    user_data >"$work/user-data"
    printf 'instance-id: %s\n' "$mark" >"$work/meta-data"
  fi
  run genisoimage -quiet -output "$work/seed.raw" -volid cidata -joliet -rational-rock "$work/user-data" "$work/meta-data"
}

create_machine() {
  run qm create "$vmid" --name "$name" --description "Unfinished template: $mark" --ostype l26 \
    --memory "$memory" --cores "$cores" --net0 "virtio,bridge=$bridge" --agent enabled=1 \
    --scsihw virtio-scsi-single --serial0 socket --vga std
  run qm set "$vmid" --scsi0 "$storage:0,import-from=$image,discard=on"
  run qm resize "$vmid" scsi0 "$disk"
  run qm set "$vmid" --scsi1 "$storage:0,import-from=$work/seed.raw"
  run qm set "$vmid" --boot order=scsi0
}

wait_until_installed() {
  run qm start "$vmid"
  echo "# wait: at most $timeout s until VM $vmid has installed everything and switched itself off"
  [[ $dry_run == no ]] || return 0
  local status='' waited
  for ((waited = 0; waited < timeout; waited += 5)); do
    status=$(qm status "$vmid") || status=''
    [[ $status != *stopped* ]] || return 0
    sleep 5
  done
  fail "VM $vmid has not finished within $timeout s: has bridge $bridge DHCP and a way to deb.debian.org? With --keep you can look at its console"
}

finish() {
  run qm set "$vmid" --delete scsi1 --force 1
  run qm set "$vmid" --ide2 "$storage:cloudinit" --ipconfig0 ip=dhcp
  # PVE 8 and newer would have each clone upgrade its packages beside the measurement. PVE 7 does not, nor knows the option.
  if [[ $dry_run == yes ]]; then
    run qm set "$vmid" --ciupgrade 0
  else
    qm set "$vmid" --ciupgrade 0 || echo "make-template: no ciupgrade here; that is fine before PVE 8" >&2
  fi
  run qm template "$vmid"
  run qm set "$vmid" --description "Probe desktop: Xfce through noVNC on port 6080. Made by make-template.sh."
}

parse_arguments "$@"
check_arguments
if [[ $print_user_data == yes ]]; then
  user_data
  exit 0
fi
check_surroundings
if [[ $dry_run == yes ]]; then
  work=/var/tmp/make-template
  mark=build-0
else
  trap undo EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  work=$(mktemp -d /var/tmp/make-template.XXXXXXXX)
  mark=build-$(</proc/sys/kernel/random/uuid)
fi
fetch_image
make_seed
create_machine
wait_until_installed
finish
[[ $dry_run == yes ]] || echo "Template $vmid is ready. In an experiment: source: { kind: clone, template: $vmid }"
