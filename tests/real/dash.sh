# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# dash and busybox: the shells of small scripts. The working directory, globs, redirections,
# and programs found in and run from /tmp.
set -eu
cat > s.sh << 'END'
set -eu
cd /tmp
pwd
echo x > ./plain
echo y > ../tmp/dots
echo z > //tmp///slashes
cat plain dots slashes
echo /tmp/* *
mkdir d; cd d; pwd; cd ..; pwd; cd ../tmp/d/..; pwd
for f in plain absent d; do
	if [ -f "$f" ]; then echo "$f file"; elif [ -d "/tmp/$f" ]; then echo "$f dir"; else echo "$f none"; fi
done
cat <<E > /tmp/doc
here $((6 * 7))
E
read -r line < /tmp/doc; echo "$line"
(echo sub > sub); cat /tmp/sub
echo 'v=5' > /tmp/v; . /tmp/v; echo "$v"; rm /tmp/v
cat absent 2> /dev/null || echo "status $?"
: > /tmp/absent/x 2> /dev/null || echo "status $?"
trap 'rm -rf /tmp/d /tmp/plain /tmp/dots /tmp/slashes /tmp/doc /tmp/sub; ls -A /tmp' EXIT
exec 5> /tmp/plain; echo five >&5; cat plain
END
# dash ends when a redirection of a special built-in fails; that is part of the output.
dash s.sh || echo "dash $?"
rm -rf /tmp/*
busybox sh s.sh || echo "busybox $?"
rm -rf /tmp/*
ls -A /tmp
