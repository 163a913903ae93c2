/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a report goes; see output.h. */
#include "audit/output.h"
#include "core/owner.h"
#include "route/sticky.h"
#include "session/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINKS = 40 };

/*
 * Writes PATH to OUT (of PATH_MAX bytes) without links, whatever its last component is. None
 * of another user's is followed: in a directory of theirs it can lead to any file of root's.
 * From /proc on it is as it is: there links are the kernel's. False with errno set.
 */
static bool follow_own(const char *path, char *out)
{
	char rest[PATH_MAX], text[PATH_MAX];
	struct stat st;
	int links = 0;
	ssize_t n;

	out[0] = '\0';
	if (path[0] != '/' && !getcwd(out, PATH_MAX))
		return false;
	if (!strcmp(out, "/"))
		out[0] = '\0';
	errno = ENAMETOOLONG;
	if (snprintf(rest, sizeof rest, "%s", path) >= (int)sizeof rest)
		return false;
	for (char *at = rest; *(at += strspn(at, "/"));) {
		const size_t len = strcspn(at, "/"), had = strlen(out);

		errno = ENAMETOOLONG;
		if (had + 1 + strlen(at) >= PATH_MAX)
			return false;
		if (!strcmp(out, "/proc")) {
			sprintf(out + had, "/%s", at);
			return true;
		}
		if (len == 2 && !memcmp(at, "..", 2))
			*(had ? strrchr(out, '/') : out) = '\0';
		else if (len != 1 || *at != '.')
			sprintf(out + had, "/%.*s", (int)len, at);
		at += len;
		if (lstat(*out ? out : "/", &st) < 0)
			return errno == ENOENT && !*at;
		if (!S_ISLNK(st.st_mode))
			continue;
		errno = ++links > LINKS ? ELOOP : EACCES;
		if (links > LINKS || (!trust_owner(st.st_uid, geteuid()) &&
				      !owner_is_system(st.st_uid, out)))
			return false;
		n = readlink(out, text, sizeof text - 1);
		errno = n < 0 ? errno : ENAMETOOLONG;
		if (n < 0 || (size_t)n + strlen(at) >= sizeof rest)
			return false;
		text[n] = '\0';
		out[text[0] == '/' ? 0 : had] = '\0';
		memmove(rest + n, at, strlen(at) + 1);
		memcpy(rest, text, (size_t)n);
		at = rest;
	}
	return true;
}

/*
 * Opens the directory of PATH, which has no links: none that has come meanwhile is followed.
 * From its first name on: qemu's user mode has another "/" for programs of another machine.
 */
static int open_directory_of(char *path)
{
	const int how = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = AT_FDCWD;

	for (char *at = path, *end; (end = strchr(at + 1, '/')); at = end + 1) {
		int next;

		*end = '\0';
		next = openat(fd, at, how);
		*end = '/';
		if (fd >= 0)
			close(fd);
		if (next < 0)
			return -1;
		fd = next;
	}
	return fd >= 0 ? fd : open("/", how);
}

/* Whether the report may go into the file FD in the directory DIR. */
static bool is_fit(int dir, int fd)
{
	struct stat st, in;

	if (fstat(fd, &st) < 0 || fstat(dir, &in) < 0)
		return false;
	errno = EACCES;
	/* The reader of another's could let us wait. */
	if (S_ISFIFO(st.st_mode))
		return trust_owner(st.st_uid, geteuid());
	/* Another user can have made a hard link to a file of root's there. */
	if (S_ISREG(st.st_mode) && st.st_nlink > 1 &&
	    (!trust_owner(in.st_uid, geteuid()) || (in.st_mode & S_IWOTH)))
		return false;
	return !S_ISREG(st.st_mode) || ftruncate(fd, 0) == 0;
}

/* Opens NAME in DIR for the report. Only an own FIFO is waited for. */
static int open_in(int dir, const char *name)
{
	const int how = O_WRONLY | O_CREAT | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC;
	int fd = openat(dir, name, how | O_NONBLOCK, 0666), error;
	struct stat st;

	if (fd < 0 && errno == ENXIO &&
	    fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_uid == geteuid())
		return openat(dir, name, how, 0666);
	if (fd >= 0 && is_fit(dir, fd) && fcntl(fd, F_SETFL, 0) == 0)
		return fd;
	error = fd < 0 && errno == ENXIO ? EACCES : errno;
	if (fd >= 0)
		close(fd);
	errno = error;
	return -1;
}

FILE *output_open(const char *path)
{
	char name[PATH_MAX];
	int dir, fd, ret;

	errno = ENOENT; /* where PATH is empty, as of open(2) */
	if (!*path || !follow_own(path, name))
		return NULL;
	errno = EISDIR;
	if (!name[0])
		return NULL;
	if (!strncmp(name, "/proc/", 6))
		return fopen(name, "we");
	ret = sticky_check(name, strlen(name), 1, FOLLOW, true);
	errno = ret < 0 ? -ret : EISDIR;
	dir = ret ? -1 : open_directory_of(name);
	if (dir < 0)
		return NULL;
	fd = open_in(dir, strrchr(name, '/') + 1);
	close(dir);
	return fd < 0 ? NULL : fdopen(fd, "w");
}
