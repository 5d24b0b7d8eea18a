#!/usr/bin/env bash
# Serves one Xfce desktop through noVNC: page and WebSocket on one port. Used by the container image and by the Proxmox VE
# template alike. It stays in the foreground, and ends, with everything it started, as soon as one part ends, so that
# whoever runs it (a kubelet, systemd) sees the failure and starts it again.
#
#   DESKTOP_PORT=6080               where noVNC answers
#   DESKTOP_ADDRESS=0.0.0.0         on which address (:: for IPv6)
#   DESKTOP_GEOMETRY=1280x800       size of the screen
#   DESKTOP_DISPLAY=1               number of the X display
#   DESKTOP_VNC_PASSWORD_FILE=PATH  file with the VNC password (a mounted secret)
#   DESKTOP_VNC_PASSWORD=WORD       or the password itself; without either, VNC asks for none
#   DESKTOP_SESSION=COMMAND         what draws the desktop
#   DESKTOP_WEB=/usr/share/novnc    folder with noVNC's vnc.html
set -euo pipefail

port=${DESKTOP_PORT:-6080}
address=${DESKTOP_ADDRESS:-0.0.0.0}
geometry=${DESKTOP_GEOMETRY:-1280x800}
display=${DESKTOP_DISPLAY:-1}
password_file=${DESKTOP_VNC_PASSWORD_FILE:-}
session=${DESKTOP_SESSION:-dbus-run-session -- xfce4-session}
web=${DESKTOP_WEB:-/usr/share/novnc}
password=${DESKTOP_VNC_PASSWORD:-}
# Nothing that is started from here on needs to know it.
unset DESKTOP_VNC_PASSWORD

fail() {
  printf 'start-desktop: %s\n' "$*" >&2
  exit 1
}

[[ $port =~ ^[0-9]+$ && $port -ge 1 && $port -le 65535 ]] || fail "DESKTOP_PORT must be a port, not '$port'"
[[ $geometry =~ ^[0-9]+x[0-9]+$ ]] || fail "DESKTOP_GEOMETRY must be like 1280x800, not '$geometry'"
[[ $display =~ ^[0-9]+$ ]] || fail "DESKTOP_DISPLAY must be a number, not '$display'"
[[ -f $web/vnc.html ]] || fail "there is no $web/vnc.html: install the package novnc, or set DESKTOP_WEB"
for program in Xtigervnc websockify xauth mcookie; do
  command -v "$program" >/dev/null || fail "$program is missing"
done

state=$(mktemp -d)
export XAUTHORITY=$state/xauthority
socket=$state/rfb
children=()

# shellcheck disable=SC2317 # The trap calls it.
stop() {
  local child
  trap - EXIT
  # Each child is the head of its own process group, which holds all that it started.
  for child in "${children[@]}"; do kill -TERM -- "-$child" 2>/dev/null || true; done
  for child in "${children[@]}"; do wait "$child" 2>/dev/null || true; done
  rm -rf "$state"
}
trap stop EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

# Job control puts each background command into a process group of its own.
set -m
start() {
  "$@" &
  children+=("$!")
}

security=None
password_options=()
if [[ -n $password_file ]]; then
  [[ -r $password_file ]] || fail "DESKTOP_VNC_PASSWORD_FILE cannot be read: $password_file"
  password=$(<"$password_file")
  [[ -n $password ]] || fail "DESKTOP_VNC_PASSWORD_FILE is empty: $password_file"
fi
if [[ -n $password ]]; then
  command -v vncpasswd >/dev/null || fail "vncpasswd is missing: install the package tigervnc-tools"
  # VNC knows no longer ones: it would take "password1" and "password2" for the same.
  [[ ${#password} -ge 6 && ${#password} -le 8 ]] || fail "the VNC password must have 6 to 8 characters"
  (umask 077 && printf '%s\n' "$password" | vncpasswd -f >"$state/passwd") || fail "vncpasswd refused the password"
  security=VncAuth
  password_options=(-PasswordFile "$state/passwd")
fi
password=

(umask 077 && printf 'add :%s . %s\n' "$display" "$(mcookie)" | xauth -q -f "$XAUTHORITY" source -)

# The name tells instances apart: the host (in Kubernetes: the pod), and this very start of its desktop.
name="$(hostname) $(head -c 8 /proc/sys/kernel/random/uuid)"

# VNC has no port of its own, only websockify reaches it. Everybody seems to come from there, so that a blacklist would
# lock out everybody for one wrong password. The screen is one colour until the session has drawn: a picture is a desktop.
start Xtigervnc ":$display" -auth "$XAUTHORITY" -nolisten tcp \
  -rfbport=-1 -rfbunixpath "$socket" -rfbunixmode 0600 \
  -SecurityTypes "$security" "${password_options[@]}" \
  -desktop "$name" -geometry "$geometry" -depth 24 \
  -AlwaysShared -AcceptSetDesktopSize=0 -UseBlacklist=0
server=${children[0]}

for ((look = 0; ; look++)); do
  [[ -S $socket ]] && break
  kill -0 "$server" 2>/dev/null || fail "Xtigervnc did not start"
  ((look < 300)) || fail "Xtigervnc did not listen within 30 s"
  sleep 0.1
done

export DISPLAY=:$display
start bash -c "$session"
start websockify --web "$web" --unix-target "$socket" "$address:$port"

ended=0
wait -n "${children[@]}" || ended=$?
fail "a part of the desktop has ended (exit code $ended)"
