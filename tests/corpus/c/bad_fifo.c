// SPDX-License-Identifier: LGPL-2.1-or-later
// A FIFO for all, by a fixed name.
//
// want: loose-permissions /tmp/pc-fifo
// want: predictable-name /tmp/pc-fifo

#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	umask(0);
	if (mkfifo("/tmp/pc-fifo", 0666) != 0)
		return 1;
	return unlink("/tmp/pc-fifo") != 0;
}
