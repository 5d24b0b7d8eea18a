#!/usr/bin/env bash
# Runs inside the machine that becomes the template, after cloud-init has installed everything: proves that the desktop
# answers, takes out what no two clones may share, and switches the machine off, which is how make-template.sh knows that
# all went well. Where something is wrong, the machine stays on and the console says what.
set -euo pipefail

page=http://127.0.0.1:6080/vnc.html
trap 'echo "seal-template: failed in line $LINENO; see journalctl -u seal-template and /var/log/cloud-init-output.log"' ERR

install -d -o desktop -g desktop -m 0700 /etc/probe-desktop
if [[ -f /etc/probe-desktop/vnc-password ]]; then chown desktop /etc/probe-desktop/vnc-password; fi
systemctl daemon-reload
systemctl enable --now probe-desktop.service
curl --silent --show-error --fail --output /dev/null --retry 60 --retry-delay 1 --retry-connrefused "$page"
# Seconds later it must still be there: a session that cannot start ends it.
sleep 10
systemctl is-active probe-desktop.service
[[ $(systemctl show --property=NRestarts --value probe-desktop.service) == 0 ]]
[[ -x /usr/sbin/qemu-ga ]]
systemctl stop probe-desktop.service

# PVE's own console shows tty1: filled with text, so that a probe of the console sees a picture wherever it looks.
{
  for ((line = 0; line < 60; line++)); do
    printf 'probe desktop   %.0s' {1..10}
    printf '\n'
  done
  printf '\\n \\l\n'
} >/etc/issue

apt-get clean
rm -rf /var/lib/apt/lists/* /home/desktop/.cache /home/desktop/.config
# A clone has a machine-id, SSH host keys and DHCP leases of its own, and is a new instance to cloud-init.
truncate -s 0 /etc/machine-id
rm -f /var/lib/dbus/machine-id /etc/ssh/ssh_host_* /var/lib/dhcp/*.leases /var/lib/systemd/random-seed
cloud-init clean --logs
rm -f /usr/local/sbin/seal-template
sync
echo "seal-template: done"
systemctl --no-block poweroff
