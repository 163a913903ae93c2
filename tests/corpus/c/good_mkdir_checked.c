// SPDX-License-Identifier: LGPL-2.1-or-later
// The same with a look at whose it is. That others can take the name stays.
//
// before: mkdir -m 700 /tmp/pc-dir
// want: predictable-name /tmp/pc-dir

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	struct stat st;
	int fd;

	if (mkdir("/tmp/pc-dir", 0700) != 0) {
		if (errno != EEXIST || lstat("/tmp/pc-dir", &st) != 0)
			return 1;
		if (!S_ISDIR(st.st_mode) || st.st_uid != getuid() || (st.st_mode & 077))
			return 1;
	}
	fd = open("/tmp/pc-dir/data", O_WRONLY | O_CREAT, 0600);
	return fd < 0 || unlink("/tmp/pc-dir/data") != 0;
}
