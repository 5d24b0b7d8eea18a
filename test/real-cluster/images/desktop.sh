#!/bin/sh
# A desktop as small as can be: an X server that speaks RFB, a terminal in it, and noVNC in front.
# Its RFB name is the pod's, by which the probe tells one desktop from the next.
Xtigervnc :0 -desktop "desktop $(hostname)" -geometry 800x600 -depth 24 -SecurityTypes None \
  -AlwaysShared -rfbport 5900 -localhost -retro -extension GLX -nolisten tcp &
until DISPLAY=:0 xterm -geometry 60x20+40+40 -e sh -c 'hostname; exec sh'; do sleep 0.1; done &
exec python3 -m websockify --web /usr/share/novnc 6080 127.0.0.1:5900
