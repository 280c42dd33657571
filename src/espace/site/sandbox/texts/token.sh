#!/bin/sh
# One hour's token of your organisation, alone on standard output: an assertion signed with key.pem
# (client_credentials, private_key_jwt, RS384), as your software will do it.
set -eu
cd -- "$(dirname -- "$0")"
. ./espace.env
b64() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
head=$(printf '{"alg":"RS384","typ":"JWT","kid":"%s"}' "$KEY_ID" | b64)
said=$(printf '{"iss":"%s","sub":"%s","aud":"%s/oauth/token","jti":"%s","exp":%s}' \
  "$CLIENT_ID" "$CLIENT_ID" "$ESPACE_URL" "$(openssl rand -hex 16)" "$(($(date +%s) + 240))" | b64)
signature=$(printf '%s.%s' "$head" "$said" | openssl dgst -sha384 -sign key.pem -binary | b64)
answer=$(curl -sS --data-urlencode "grant_type=client_credentials" \
  --data-urlencode "scope=system/DocumentReference.cuds" \
  --data-urlencode "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer" \
  --data-urlencode "client_assertion=$head.$said.$signature" "$ESPACE_URL/oauth/token")
token=$(printf '%s' "$answer" | sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')
[ -n "$token" ] || { printf '%s\n' "$answer" >&2; exit 1; }
printf '%s\n' "$token"
