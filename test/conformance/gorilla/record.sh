#!/usr/bin/env bash
# Builds the program beside this script, without network, and hands it what follows: record.sh -out FOLDER [flags].
# Exit code 77 and a line that says what is missing where Go or gorilla/websocket is not installed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# Where Debian puts the sources of its Go libraries.
gopath=${HALFOPEN_GOPATH:-/usr/share/gocode}
packages='golang-go golang-github-gorilla-websocket-dev'

missing() {
  echo "skipped: $1; on Debian: apt-get install $packages" >&2
  exit 77
}

command -v go >/dev/null || missing 'there is no Go here'
[ -e "$gopath/src/github.com/gorilla/websocket/conn.go" ] || missing "there is no gorilla/websocket in $gopath"

built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT
export GO111MODULE=off GOPATH=$gopath
go vet .
go build -o "$built/gorilla" .

library=$(dpkg-query --show --showformat '${Version}' golang-github-gorilla-websocket-dev 2>/dev/null || echo unknown)
kernel=$(uname -r)
cd - >/dev/null
"$built/gorilla" -websocket "$library" -kernel "${kernel%%-*}" "$@"
