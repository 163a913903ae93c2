// SPDX-License-Identifier: LGPL-2.1-or-later
// access, and then an open to read what it had not made.
//
// before: umask 077; echo data >/tmp/pc-data
// want: check-then-use /tmp/pc-data
// want: foreign-object /tmp/pc-data

#include <fcntl.h>
#include <unistd.h>

int main(void)
{
	if (access("/tmp/pc-data", R_OK) != 0)
		return 1;
	return open("/tmp/pc-data", O_RDONLY) < 0;
}
