#!/usr/bin/env bash
# A walk through every resource of the service with curl, as a script of yours would use it:
#   STAGE0_URL=http://127.0.0.1:8081 e2e/curl.sh
# It APPLIES the repository to the database of that service: use one that may be changed, over a repository like the sample.
# Prints what it does, stops at the first answer that is not as it should be, and ends with "N passed, 0 failed".
set -euo pipefail
base=${STAGE0_URL:?the address of a running service, for example http://127.0.0.1:8081}
base=${base%/}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0

fail() {
  echo "FAILED: $1" >&2
  [ ! -s "$work/body" ] || { head -c 2000 "$work/body" && echo; } >&2
  echo "$passed passed, 1 failed"
  exit 1
}

# call STATUS METHOD PATH [CURL OPTIONS]: asks, keeps headers and body, and insists on the status.
call() {
  local wanted=$1 method=$2 path=$3 got
  shift 3
  : >"$work/body"
  got=$(curl --silent --show-error --path-as-is --max-time 120 --request "$method" --dump-header "$work/head" --output "$work/body" \
    --write-out '%{http_code}' "$@" "$base$path") || fail "$method $path: no answer"
  [ "$got" = "$wanted" ] || fail "$method $path: $got instead of $wanted"
  passed=$((passed + 1))
  echo "ok: $wanted $method $path"
}
get() { call 200 GET "$@"; }
post() { # post STATUS PATH JSON [CURL OPTIONS]
  local wanted=$1 path=$2 body=$3
  shift 3
  call "$wanted" POST "$path" --header 'Content-Type: application/json' --data "$body" "$@"
}
# says TEXT: the body of the last answer contains it.
says() {
  grep --quiet --fixed-strings -- "$1" "$work/body" || fail "the answer does not say: $1"
  passed=$((passed + 1))
}
# sends HEADER: the value of a header of the last answer.
sends() { tr -d '\r' <"$work/head" | sed -n "s/^$1: //Ip" | tail -n 1; }
has() {
  [ -n "$(sends "$1")" ] || fail "the answer has no header $1"
  passed=$((passed + 1))
}
# field NAME: the first text or number of that name in the body.
field() { grep -o "\"$1\":\"\\?[^\",}]*" "$work/body" | head -n 1 | sed 's/^[^:]*:"\{0,1\}//'; }

echo "== health and settings of $base"
get /api/health/live
get /api/health/ready
get /api/health
says stage0_
get /metrics
says process_
get /api/config
says MONGO_CONNECTION_STRING
database=$(field database)
[ -n "$database" ] || fail 'the service names no database'

echo '== what the repository holds'
for kind in configurations dictionaries types enumerators test_data migrations; do
  get "/api/$kind"
  file=$(field file_name)
  [ -n "$file" ] || fail "the repository has no $kind: this walk needs one of each"
  get "/api/$kind/$file"
  etag=$(sends etag)
  has etag
  call 304 GET "/api/$kind/$file" --header "If-None-Match: $etag"
  get "/api/$kind/$file" --header 'Accept: text/plain'
  [ "$(sends etag)" != "$etag" ] || fail 'two forms of one file have one ETag'
  call 406 GET "/api/$kind/$file" --header 'Accept: image/png'
  get "/api/$kind/$file/usages"
  call 404 GET "/api/$kind/no_such_file.yaml"
  says FILE_NOT_FOUND
  case $kind in
    types | dictionaries) get "/api/$kind/$file/schema" ;;
  esac
done
get '/api/types/' # a final slash is no other address
get '/api/types?limit=1'
has x-total-count
get /api/enumerations
enumeration=$(field name)
get "/api/enumerations/$enumeration/usages"
call 404 GET /api/enumerations/no_such_enumeration/usages
get /api/graph
get /api/problems
get /api/problems --header 'Accept: application/sarif+json'
says '"version":"2.1.0"'
get /api/errors/LOCK_HELD
call 404 GET /api/errors/NO_SUCH_CODE

echo '== collections and rendered schemas'
get /api/collections
collection=$(field name)
get '/api/collections?state=in%20sync&sort=-name'
call 400 GET '/api/collections?state=nonsense'
says REQUEST_INVALID
get "/api/collections/$collection"
version=$(field newest)
get "/api/collections/$collection/versions/$version"
call 404 GET "/api/collections/$collection/versions/9.9.9.9"
call 404 GET /api/collections/no_such_collection
for form in json_schema bson_schema; do
  get "/api/configurations/$form/$collection.yaml/$version"
  call 304 GET "/api/configurations/$form/$collection.yaml/$version" --header "If-None-Match: $(sends etag)"
  get "/api/configurations/$form/$collection.yaml/latest"
done

echo '== requests that are refused'
call 404 GET /api/nothing
says ROUTE_UNKNOWN
call 405 PUT /api/collections
has allow
call 404 GET '/api/types/..%2f..%2fetc%2fpasswd'
call 403 GET /api/collections --header 'Host: attacker.example'
says HOST_NOT_ALLOWED
call 403 POST /api/configurations --header 'Origin: https://attacker.example'
says CROSS_SITE_REFUSED
call 415 POST /api/plans --header 'Content-Type: application/x-www-form-urlencoded' --data 'scope='
post 400 /api/plans '{"scope":'
post 400 /api/plans '{"nonsense":1}'
says nonsense
post 422 /api/plans "{\"scope\":{\"versions\":{\"$collection\":\"9.9.9.9\"}}}"
says VERSION_UNKNOWN
call 404 GET /api/plans/no-such-plan
call 404 GET /api/runs/no-such-run
call 404 PUT /api/runs/no-such-run/paused --header 'Content-Type: application/json' --data '{"paused":true}'
says RUN_UNKNOWN

echo '== plan, run, follow, look back'
post 201 /api/plans '{}'
plan=$(field id)
hash=$(field hash)
get "/api/plans/$plan"
says "$hash"
wrong=$(printf '0%.0s' $(seq 64))
post 409 /api/runs "{\"plan_hash\":\"$wrong\",\"confirm\":\"$database\"}"
says PLAN_STALE
key="walk-$(date +%s)-$$"
request="{\"plan_hash\":\"$hash\",\"confirm\":\"$database\"}"
post 202 /api/runs "$request" --header "Idempotency-Key: $key"
run=$(field run_id)
[ "$(sends location)" = "/api/runs/$run" ] || fail 'Location is not the run'
post 202 /api/runs "$request" --header "Idempotency-Key: $key"
says "$run"
# The stream ends by itself with the run.
get "/api/runs/$run/events" --no-buffer --header 'Accept: text/event-stream'
says '"type":"snapshot"'
get "/api/runs/$run"
says '"status":"succeeded"'
last=$(field last_seq)
call 204 GET "/api/runs/$run/events" --header 'Accept: text/event-stream' --header "Last-Event-ID: $last"
get "/api/runs/$run/events" --header 'Accept: application/json'
says '"finished":true'
says '"type":"run.finished"'
get "/api/runs/$run/events?after=$last" --header 'Accept: application/json'
says '"events":[]'
call 409 DELETE "/api/runs/$run"
says RUN_ENDED
for paused in true false; do
  call 409 PUT "/api/runs/$run/paused" --header 'Content-Type: application/json' --data "{\"paused\":$paused}"
  says RUN_ENDED
done
get '/api/runs?status=succeeded&limit=10'
says "$run"
has x-total-count
get "/api/collections/$collection"
says '"state":"in sync"'

echo '== as scripts of the first implementation do it'
call 200 POST "/api/configurations/?confirm=$database"
says '"status":"SUCCESS"'
call 200 POST "/api/configurations/$collection.yaml/?confirm=$database"
says '"status":"SUCCESS"'
call 202 POST "/api/configurations?confirm=$database" --header 'Prefer: respond-async'
has preference-applied
call 404 POST "/api/configurations/no_such_file.yaml?confirm=$database"

echo '== what cannot be undone is guarded'
for way in 'POST /api/database/drop' 'DELETE /api/database'; do
  code=$(curl --silent --request "${way% *}" --header 'Content-Type: application/json' --data '{"database":"another"}' \
    --output "$work/body" --write-out '%{http_code}' "$base${way#* }")
  case $code in
    403 | 409 | 422) passed=$((passed + 1)) && echo "ok: $code $way" ;;
    *) fail "$way: $code instead of a refusal" ;;
  esac
  says DROP_NOT_
done
get "/api/collections/$collection"
says '"state":"in sync"'

echo "$passed passed, 0 failed"
