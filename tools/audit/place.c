/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a trace is; see place.h. */
#include "place.h"
#include "../look.h"
#include "core/owner.h"
#include "core/sys.h"
#include "session/remove.h"
#include "session/trust.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME "privtmp-audit-"
#define RANDOM "XXXXXXXXXX"

enum { ENTRIES = 100000 /* in one directory, which others can fill */ };

/* Whether a directory is the caller's own, and closed to others. */
static bool is_own(const struct statx *st)
{
	return S_ISDIR(st->stx_mode) && st->stx_uid == geteuid() && !(st->stx_mode & 077);
}

/* The directory for the caller's run-time files, or NULL. */
static const char *own_directory(void)
{
	const char *own = getenv("XDG_RUNTIME_DIR");
	struct statx st;

	return own && own[0] == '/' && sys_look(AT_FDCWD, own, &st) == 0 && is_own(&st) ?
		       own :
		       NULL;
}

/* The directories in which one can be: number I, or NULL behind the last. */
static const char *place(unsigned i)
{
	static const char *const all[] = { NULL, "/dev/shm", "/var/tmp", "/tmp" };
	const char *own = own_directory();

	i += !own;
	return i >= sizeof all / sizeof *all ? NULL : i ? all[i] : own;
}

/* A descriptor, above those that a command has, by which PATH is locked; or -1. */
static int lock_directory(const char *path)
{
	const int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	const int high = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 3);

	if (fd >= 0)
		close(fd);
	/* Where there are no locks it looks like one that is locked. */
	if (high >= 0)
		(void)flock(high, LOCK_EX | LOCK_NB);
	return high;
}

bool place_make(char directory[PATH_MAX], int *lock)
{
	const char *in;
	int error = ENOENT;

	for (unsigned i = 0; (in = place(i)); i++) {
		snprintf(directory, PATH_MAX, "%s/" NAME RANDOM, in);
		/* Until it is locked it is too young to be taken for one that is left. */
		if (mkdtemp(directory)) {
			*lock = lock_directory(directory);
			return true;
		}
		error = errno;
	}
	directory[0] = '\0';
	errno = error;
	return false;
}

/*
 * Opens NAME in the directory IN, if it is one of the caller's, not of late, and nobody has
 * locked it. The descriptor holds the lock then. -1: it is not. A mount's file system, which
 * may be another user's, can say anything, and answer nobody: it is not opened.
 */
static int open_left(int in, const char *name)
{
	struct statx st, around, opened;
	int fd;

	if (sys_look(in, name, &st) < 0 || sys_look(in, "", &around) < 0 ||
	    !is_own(&st) || !owner_same_mount(&st, &around) ||
	    look_is_young(st.stx_mtime.tv_sec))
		return -1;
	fd = openat(in, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (sys_look(fd, "", &opened) == 0 && trust_same(&st, &opened) &&
	    flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	close(fd);
	return -1;
}

/* Whether mkdtemp(3) can have made NAME for us. */
static bool is_name(const char *name)
{
	return !strncmp(name, NAME, sizeof NAME - 1) &&
	       strlen(name) == sizeof NAME RANDOM - 1;
}

void place_sweep(bool dry, void (*say)(void *arg, const char *directory, int error),
		 void *arg)
{
	const char *in;

	for (unsigned i = 0; (in = place(i)); i++) {
		DIR *dir = opendir(in);
		struct dirent *entry;

		for (unsigned n = 0; dir && n < ENTRIES && (entry = readdir(dir)); n++) {
			struct remains remains = { 0, 0, "" };
			char path[PATH_MAX];
			int fd, ret;

			if (!is_name(entry->d_name))
				continue;
			fd = open_left(dirfd(dir), entry->d_name);
			if (fd < 0)
				continue;
			snprintf(path, sizeof path, "%.3800s/%.255s", in, entry->d_name);
			ret = dry ? 0 : remove_root(fd, path, &remains);
			if (say)
				say(arg, path, -ret);
			close(fd);
		}
		if (dir)
			closedir(dir);
	}
}
