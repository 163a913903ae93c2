// SPDX-License-Identifier: LGPL-2.1-or-later
// A library that anybody could have put there.
//
// before: umask 077; cp "$(ldd /bin/ls | sed -n 's,.*=> \(/[^ ]*\) .*,\1,p' | head -n 1)" /tmp/pc-lib.so
// want: foreign-object /tmp/pc-lib.so

#include <dlfcn.h>

int main(void)
{
	return !dlopen("/tmp/pc-lib.so", RTLD_NOW);
}
