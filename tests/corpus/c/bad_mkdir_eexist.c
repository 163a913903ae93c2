// SPDX-License-Identifier: LGPL-2.1-or-later
// A directory that is taken as it is found.
//
// before: mkdir -m 700 /tmp/pc-dir
// want: missing-exclusive /tmp/pc-dir
// want: predictable-name /tmp/pc-dir

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	int fd;

	if (mkdir("/tmp/pc-dir", 0700) != 0 && errno != EEXIST)
		return 1;
	fd = open("/tmp/pc-dir/data", O_WRONLY | O_CREAT, 0600);
	return fd < 0 || unlink("/tmp/pc-dir/data") != 0;
}
