#!/usr/bin/env bash
# Builds the five programs of Kubernetes that a real test cluster needs, from Debian's own source package.
# Takes about seven minutes on two cores. Usage: build-kubernetes.sh [TARGET FOLDER]
# Needs root, for the Debian packages, and a bookworm mirror; a deb-src line is made for the occasion only.
set -euo pipefail
repository=$(cd "$(dirname "$0")/../.." && pwd)
target=$(realpath -m "${1:-$repository/node_modules/.cache/kubernetes-bin}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The mirror that this machine has its packages from, with sources.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Codename: bookworm' 'Created-By: Packages' | sort -u | head -n 1)
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
lists=$work/lists
mkdir -p "$lists/partial"
echo "deb-src [signed-by=$keyring] ${mirror:-http://deb.debian.org/debian/} bookworm main" >"$work/sources.list"
sources=(-o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=- -o "Dir::State::Lists=$lists"
  -o "Dir::Cache::srcpkgcache=" -o "Dir::Cache::pkgcache=" -o APT::Sandbox::User=root)

export DEBIAN_FRONTEND=noninteractive
apt-get install -y -qq --no-install-recommends golang-1.19-go rsync jq dpkg-dev make >/dev/null
cd "$work"
apt-get "${sources[@]}" update -qq
apt-get "${sources[@]}" source -qq kubernetes
cd kubernetes-*/
if [ "${BLACKOUT_BUILD_STEP:-all}" = unpack ]; then
  echo "unpacked $(basename "$PWD")"
  exit
fi

mkdir -p .go/src/k8s.io
ln -sfn ../../.. .go/src/k8s.io/kubernetes
export PATH=/usr/lib/go-1.19/bin:$PATH GOPATH=$PWD/.go GOPROXY=off CGO_ENABLED=0
make WHAT="cmd/kube-apiserver cmd/kube-controller-manager cmd/kube-scheduler cmd/kubelet cmd/kube-proxy" GOLDFLAGS="-s -w"

mkdir -p "$target"
install -t "$target" _output/bin/kube-apiserver _output/bin/kube-controller-manager \
  _output/bin/kube-scheduler _output/bin/kubelet _output/bin/kube-proxy
echo "built in $target"
