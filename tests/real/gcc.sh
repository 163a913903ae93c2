# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# gcc hands /tmp/cc* from one program to the next by name: driver, cc1, as, collect2, ld and
# the link-time optimiser. What it builds in /tmp is then run, inspected and loaded from there.
set -eu
# The linker's complaints name files in /tmp.
cc() {
	local status=0
	gcc -w "$@" 2> "$HOME/cc.err" || status=$?
	sed -E 's,/tmp/cc[A-Za-z0-9]{6},/tmp/ccRANDOM,' "$HOME/cc.err" >&2
	return "$status"
}
cat > hello.c << 'END'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int twice(int);
int main(int argc, char **argv)
{
	char name[L_tmpnam], exe[4096], tmpl[] = "/tmp/helloXXXXXX";
	FILE *f = tmpfile();
	fputs("kept", f);
	rewind(f);
	printf("%d %s %c\n", twice(argc), argv[0], fgetc(f));
	ssize_t n = readlink("/proc/self/exe", exe, sizeof exe);
	printf("%.*s\n", (int)n, exe);
	int fd = mkstemp(tmpl);
	printf("%d %zu %d\n", fd >= 0, strlen(tmpl), strncmp(tmpl, "/tmp/hello", 10));
	unlink(tmpl);
	printf("%d\n", access(tmpnam(name), F_OK));
	return 3;
}
END
echo 'int twice(int x) { return 2 * x; }' > twice.c
cc -o hello hello.c twice.c && { ./hello a || echo "status $?"; }
cc -flto=1 -O2 -o hello-lto hello.c twice.c && { ./hello-lto || echo "status $?"; }
gcc -w -pipe -c twice.c && ar rcs libtwice.a twice.o && ar t libtwice.a
cc -o /tmp/hello hello.c -L. -ltwice && { /tmp/hello b c || echo "status $?"; }
strip /tmp/hello && (cd /tmp && ./hello || echo "status $?")
echo 'int main(void) { return 7; }' | gcc -x c -o /tmp/seven - && { /tmp/seven || echo "status $?"; }

# What the debugger will be told: the directory of the view.
cd /tmp
echo 'int main(void) { return sizeof __FILE__; }' > f.c
gcc -g -save-temps -o f "$PWD/f.c"
readelf --debug-dump=info f | grep -oE '(DW_AT_comp_dir|DW_AT_name) .*f\.c|DW_AT_comp_dir.*' |
	sed 's/.*: //' | sort -u
ls
gcc -MM /tmp/f.c
cpp /tmp/f.c | head -1
printf '#include "absent.h"\n' > g.c
gcc -c g.c || echo "status $?"
printf 'int f(void) { return undefined(); } int main(void) { return f(); }\n' > h.c
cc h.c || echo "status $?"

# A plug-in of one's own, loaded by name.
cat > plug.c << 'END'
int answer(void) { return 42; }
END
cat > host.c << 'END'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
int main(void)
{
	void *h = dlopen("/tmp/plug.so", RTLD_NOW);
	Dl_info i;
	if (!h)
		return puts(dlerror()), 1;
	int (*f)(void) = (int (*)(void))dlsym(h, "answer");
	dladdr((void *)f, &i);
	printf("%d %s\n", f(), i.dli_fname);
	return dlopen("/tmp/absent.so", RTLD_NOW) ? 1 : (puts(dlerror()), 0);
}
END
gcc -shared -fPIC -o plug.so plug.c && gcc -o host host.c && ./host
rm -f /tmp/*
ls -A /tmp
