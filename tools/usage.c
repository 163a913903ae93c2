/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The size of a session; see usage.h. */
#include "usage.h"
#include "core/newer.h"
#include "core/owner.h"
#include "core/sys.h"
#include "crew.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum {
	DEEPEST = 200, /* one open directory each */
	OFTEN = 256,   /* entries between two looks at the clock */
};

struct counting {
	struct statx top;
	long end;
	unsigned entries;
	struct usage *usage;
};

static void add_directory(int fd, int depth, struct counting *c);

static void add_entry(int dir, const char *name, int depth, struct counting *c)
{
	struct usage *usage = c->usage;
	struct statx st;
	int fd;

	/* Without a request to a file system that is mounted there, and may answer nobody. */
	if (sys_look(dir, name, &st) < 0) {
		usage->partly = true;
		return;
	}
	usage->bytes += (unsigned long long)st.stx_blocks * 512;
	if (!S_ISDIR(st.stx_mode)) {
		usage->files++;
		return;
	}
	if (!owner_same_mount(&st, &c->top))
		return;
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || depth == DEEPEST) {
		usage->partly = true;
		if (fd >= 0)
			close(fd);
		return;
	}
	add_directory(fd, depth + 1, c);
}

/* Whether the time is over. */
static bool is_over(struct counting *c)
{
	if (c->end && ++c->entries % OFTEN == 1 && crew_now() >= c->end)
		c->end = 0;
	if (!c->end)
		c->usage->partly = true;
	return !c->end;
}

/* Closes FD. */
static void add_directory(int fd, int depth, struct counting *c)
{
	DIR *dir = fdopendir(fd);
	struct dirent *entry;

	if (!dir) {
		close(fd);
		c->usage->partly = true;
		return;
	}
	while (!is_over(c) && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			add_entry(fd, entry->d_name, depth, c);
	closedir(dir);
}

void usage_add(const char *path, struct usage *usage, long end)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct counting c = { .end = end, .usage = usage };

	if (fd < 0)
		return; /* a backing that was not needed so far */
	if (sys_statx(fd, "", AT_EMPTY_PATH, &c.top) < 0) {
		close(fd);
		return;
	}
	add_directory(fd, 0, &c);
}
