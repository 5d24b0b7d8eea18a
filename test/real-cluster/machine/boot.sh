#!/bin/sh
# The firmware of a worker: builds its file system out of this machine's and starts its init.
# Runs as process 1 of namespaces of its own (PID, mount, network, UTS, IPC). Usage: boot.sh FOLDER BINARIES IMAGES
#
# Nothing of this machine's disk is writable in there: /usr and /etc are overlays, /var and /root are the worker's own
# disk, which outlives a power cut, and /dev holds no block device.
set -eu
folder=$1 binaries=$2 images=$3
machine=$folder/machine disk=$folder/disk

mount --make-rprivate /
root=$folder/root
mount -t tmpfs -o mode=755 root "$root"
cd "$root"
mkdir usr etc var root tmp run dev proc sys opt opt/machine opt/kubernetes opt/images old
for link in bin sbin lib lib64; do ln -s "usr/$link" "$link"; done

mount -t overlay -o "ro,lowerdir=$machine/usr:/usr" usr usr
mount -t overlay -o "lowerdir=$machine/etc:/etc,upperdir=$disk/etc,workdir=$disk/etc-work" etc etc
mount --bind "$disk/var" var
mount --bind "$disk/root" root
mount -t tmpfs -o mode=1777 tmp tmp
mount -t tmpfs -o mode=755 run run
for shown in machine kubernetes images; do
  case $shown in machine) from=$machine ;; kubernetes) from=$binaries ;; images) from=$images ;; esac
  mount --bind "$from" "opt/$shown"
  mount -o remount,bind,ro "opt/$shown"
done
# Its reader is the power controller.
touch run/power
mount --bind "$folder/power" run/power

mount -t proc proc proc
mount --rbind /sys sys
if [ -d sys/power ]; then mount -t tmpfs -o ro none sys/power; fi
# What the mainboard says of itself; a machine without DMI gets the folder too.
if [ -e sys/class/dmi/id/product_uuid ]; then
  mount --bind "$machine/sys-class/dmi/id/product_uuid" sys/class/dmi/id/product_uuid
else
  mount -t overlay -o "ro,lowerdir=$machine/sys-class:/sys/class" class sys/class
fi

mount -t tmpfs -o mode=755 dev dev
while read -r name major minor; do mknod -m 666 "dev/$name" c "$major" "$minor"; done <<DEVICES
null 1 3
zero 1 5
full 1 7
random 1 8
urandom 1 9
kmsg 1 11
tty 5 0
DEVICES
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=666,mode=620 devpts dev/pts
mount -t tmpfs -o mode=1777 shm dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd

pivot_root . old
umount -l /old
exec /bin/sh /opt/machine/init.sh
