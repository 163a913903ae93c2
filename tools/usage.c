/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How much a session holds; see usage.h. */
#include "usage.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEEPEST = 200 };	/* one open directory each */

static void add_directory(int fd, dev_t device, int depth, struct usage *usage);

static void add_entry(int dir, const char *name, dev_t device, int depth,
		      struct usage *usage)
{
	struct stat st;
	int fd;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		usage->partly = true;
		return;
	}
	usage->bytes += (unsigned long long)st.st_blocks * 512;
	if (!S_ISDIR(st.st_mode)) {
		usage->files++;
		return;
	}
	if (st.st_dev != device)
		return;
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || depth == DEEPEST) {
		usage->partly = true;
		if (fd >= 0)
			close(fd);
		return;
	}
	add_directory(fd, device, depth + 1, usage);
}

/* Closes FD. */
static void add_directory(int fd, dev_t device, int depth, struct usage *usage)
{
	DIR *dir = fdopendir(fd);
	struct dirent *entry;

	if (!dir) {
		close(fd);
		usage->partly = true;
		return;
	}
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			add_entry(fd, entry->d_name, device, depth, usage);
	closedir(dir);
}

void usage_add(const char *path, struct usage *usage)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return;		/* a backing that was never needed */
	if (fstat(fd, &st) < 0) {
		close(fd);
		return;
	}
	add_directory(fd, st.st_dev, 0, usage);
}
