// SPDX-License-Identifier: LGPL-2.1-or-later
// access, and then unlink.
//
// before: umask 077; echo data >/tmp/pc-data
// want: check-then-use /tmp/pc-data

#include <unistd.h>

int main(void)
{
	if (access("/tmp/pc-data", W_OK) != 0)
		return 1;
	return unlink("/tmp/pc-data") != 0;
}
