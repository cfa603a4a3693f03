#!/usr/bin/env bash
# Starts MongoDB in a container on this machine and waits until it takes writes:
#   start-mongodb.sh <version> <standalone|replica-set>
# A service container of a job cannot be given the arguments that a replica set needs.
set -euo pipefail

version=$1
topology=$2
arguments=()
case $topology in
  standalone) ;;
  replica-set) arguments=(--replSet rs0 --bind_ip_all) ;;
  *)
    echo "standalone or replica-set, not: $topology" >&2
    exit 64
    ;;
esac

docker run --detach --name mongodb --publish 127.0.0.1:27017:27017 "mongo:$version" "${arguments[@]}"
ask() { docker exec mongodb mongosh --quiet --eval "$1"; }

waited() { # waited <script>: until it prints 1, for a minute at most
  for _ in $(seq 60); do
    if [ "$(ask "$1" 2>/dev/null)" = 1 ]; then return 0; fi
    sleep "${PAUSE_S:-1}"
  done
  docker logs --tail 50 mongodb >&2
  echo "MongoDB $version was not ready within a minute" >&2
  return 1
}

waited 'db.runCommand({ ping: 1 }).ok'
if [ "$topology" = replica-set ]; then
  ask "rs.initiate({ _id: 'rs0', members: [{ _id: 0, host: '127.0.0.1:27017' }] })"
fi
waited 'Number(db.hello().isWritablePrimary)'
