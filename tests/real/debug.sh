# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# gdb and cscope: a program in /tmp under the debugger, and cscope's directory /tmp/cscope.<pid>.
set -eu
cat > /tmp/prog.c << 'END'
#include <stdio.h>
static int twice(int x) { return 2 * x; }
int main(void) { FILE *f = fopen("/tmp/written", "w"); fprintf(f, "%d\n", twice(21)); return fclose(f); }
END
cd /tmp
gcc -g -o prog prog.c
gdb -nx -q -batch -ex 'break twice' -ex run -ex 'info source' -ex 'print x' -ex bt \
	-ex 'list twice' -ex 'info inferiors' -ex continue /tmp/prog 2>&1 |
	grep -E '^(Breakpoint|Current source|Compilation dir|Located|\$1|#[01]|[0-9]|\[Inferior|  *1 )|exited' |
	sed -E 's/0x[0-9a-f]+/ADDR/g; s/process [0-9]+/process/'
cat written
printf 'print 6 * 7\nshell pwd\ncd /\npwd\nsource /tmp/more.gdb\n' > cmds
echo 'echo sourced' > more.gdb
gdb -nx -q -batch -x /tmp/cmds
cscope -b -c -f /tmp/out prog.c && cscope -d -f /tmp/out -L -1 twice && cscope -d -f out -L -3 fopen
cscope -c -f /var/tmp/cs -L -0 twice prog.c | wc -l
rm -f /tmp/* /var/tmp/*
ls -A /tmp /var/tmp
