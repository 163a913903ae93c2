// SPDX-License-Identifier: LGPL-2.1-or-later
// A look whose it is, and then chmod by name.
//
// before: umask 077; echo data >/tmp/pc-data
// want: check-then-use /tmp/pc-data
// want: foreign-object /tmp/pc-data

#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	struct stat st;

	if (stat("/tmp/pc-data", &st) != 0 || st.st_uid != getuid())
		return 1;
	return chmod("/tmp/pc-data", 0400) != 0;
}
