// SPDX-License-Identifier: LGPL-2.1-or-later
// lstat, and then chown by name.
//
// before: umask 077; echo data >/tmp/pc-data
// want: check-then-use /tmp/pc-data
// want: foreign-object /tmp/pc-data

#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	struct stat st;

	if (lstat("/tmp/pc-data", &st) != 0 || !S_ISREG(st.st_mode))
		return 1;
	return chown("/tmp/pc-data", getuid(), getgid()) != 0;
}
