# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# bash: documents too big for a pipe go to /tmp; so does what a script redirects there.
set -eu
{
	echo "md5sum <<'END'"
	seq 1 20000
	echo END
} > here.sh
bash here.sh
text=$(seq 1 20000)
md5sum <<< "$text"
bash -c 'exec 7<<< "$1"; wc -c <&7; readlink /proc/self/fd/7' - "$text" |
	sed -E 's/[A-Za-z0-9]{6} \(/RANDOM (/'
echo one > /tmp/one.x
echo two >> /tmp/two.x
cat < /tmp/one.x
printf '%s\n' /tmp/*.x /tmp/*.none
[[ -f /tmp/one.x && -w /tmp && -k /tmp && ! -e /tmp/three.x ]] && echo tests
[[ /tmp/two.x -nt /tmp/absent ]] && echo newer
cd /tmp
pwd
pwd -P
/bin/pwd
mkdir -p a/b
cd a/b
pwd
cd ..
pwd
cd -P ../..
pwd
cd -
cd /var/tmp
pwd -P
echo 'echo "sourced $0 ${BASH_SOURCE[0]}"' > /tmp/src.sh
bash -c '. /tmp/src.sh' name
printf '#!/bin/bash\necho "script $0 $*"\n' > /tmp/script
chmod +x /tmp/script
/tmp/script a b
PATH=/tmp:$PATH
script x
type script
compgen -f /tmp/ | sort
mapfile -t lines < /tmp/one.x
echo "${#lines[@]}"
exec 4<> /tmp/rw
echo hello >&4
cat /tmp/rw
exec 4>&-
cat <(sort /tmp/one.x) <(cat /tmp/two.x) | tee /tmp/tee
set -o noclobber
(echo again > /tmp/one.x) 2> /dev/null || echo kept
HISTFILE=/tmp/history bash -i -c 'history -s remembered; history -w' 2> /dev/null
cat /tmp/history
cd /
find /tmp /var/tmp | sort
umask 077
: > /tmp/private
stat -c '%a %n' /tmp/private
coproc CAT { cat > /tmp/coproc; }
echo to the coprocess >&"${CAT[1]}"
eval "exec ${CAT[1]}>&-"
wait
cat /tmp/coproc
rm -rf /tmp/* /tmp/.[a-z]*
ls -A /tmp
