# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# A program in /tmp with a library beside it, found by the dynamic loader itself: by
# LD_LIBRARY_PATH or by $ORIGIN. (A fixed -rpath into /tmp is out of a preload's reach.)
set -eu
cd /tmp
echo 'int answer(void) { return 42; }' > lib.c
echo 'int answer(void); int main(void) { return answer(); }' > main.c
mkdir lib
gcc -shared -fPIC -o lib/libanswer.so lib.c
gcc -o origin main.c -Llib -lanswer -Wl,-rpath,'$ORIGIN/lib'
gcc -o plain main.c -L/tmp/lib -lanswer
./origin || echo "origin $?"
LD_LIBRARY_PATH=/tmp/lib ./plain || echo "LD_LIBRARY_PATH $?"
./plain || echo "nowhere $?"
rm -r /tmp/*
