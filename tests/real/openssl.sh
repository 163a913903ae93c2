# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# openssl: keys, certificates and a small authority whose files are all in /tmp.
set -eu
cd /tmp
openssl req -x509 -newkey ed25519 -nodes -keyout key.pem \
	-out /tmp/cert.pem -subj /CN=test -days 1 2> /dev/null
stat -c '%a %n' key.pem cert.pem
openssl x509 -in /tmp/cert.pem -noout -subject
openssl verify -CAfile cert.pem /tmp/cert.pem
echo secret > plain
openssl enc -aes-128-cbc -pbkdf2 -pass pass:x -in plain -out /tmp/enc
openssl enc -d -aes-128-cbc -pbkdf2 -pass file:/tmp/pass -in enc 2> /dev/null || echo "status $?"
echo x > /tmp/pass
openssl enc -d -aes-128-cbc -pbkdf2 -pass file:/tmp/pass -in enc
openssl dgst -sha256 /tmp/plain
RANDFILE=/tmp/rnd openssl rand -hex -writerand /tmp/rnd 8 | wc -c
wc -c /tmp/rnd
mkdir ca
: > ca/index
echo 01 > ca/serial
cat > conf << 'END'
[ca]
default_ca = authority
[authority]
dir = /tmp/ca
database = $dir/index
serial = $dir/serial
new_certs_dir = $dir
certificate = /tmp/cert.pem
private_key = /tmp/key.pem
default_md = default
policy = any
default_days = 1
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
END
export OPENSSL_CONF=/tmp/conf
openssl req -new -newkey ed25519 -nodes -keyout k2 -out req -subj /CN=client 2> /dev/null
openssl ca -batch -notext -config /tmp/conf -in req -out client.pem 2> /dev/null && ls ca && cut -f6 ca/index
mkdir certs
cp cert.pem certs/
openssl rehash certs 2> /dev/null || c_rehash certs > /dev/null
openssl verify -CApath /tmp/certs client.pem
ls certs | sed 's/^[0-9a-f]\{8\}/HASH/'
openssl x509 -in absent 2>&1 | sed -n '1s/.*: *//p;1q'
rm -r /tmp/*
