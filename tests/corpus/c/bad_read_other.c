// SPDX-License-Identifier: LGPL-2.1-or-later
// Settings that another user wrote.
//
// before-other: echo evil=1 >/tmp/pc.conf
// want: foreign-object /tmp/pc.conf

#include <fcntl.h>

int main(void)
{
	return open("/tmp/pc.conf", O_RDONLY) < 0;
}
