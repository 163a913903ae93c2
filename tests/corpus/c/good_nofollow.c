// SPDX-License-Identifier: LGPL-2.1-or-later
// O_NOFOLLOW: the open fails.
//
// before: umask 077; echo data >target; ln -s "$PWD/target" /tmp/pc-link
// want: none

#include <fcntl.h>

int main(void)
{
	return open("/tmp/pc-link", O_WRONLY | O_NOFOLLOW) >= 0;
}
