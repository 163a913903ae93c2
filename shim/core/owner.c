/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Owners; see owner.h. */
#define _GNU_SOURCE
#include "core/owner.h"
#include "core/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

/* The columns of a map of users, whose lines have the first id of each, and the count. */
enum { INSIDE, OUTSIDE, COUNT, COLUMNS };

/* Whether USER is in the map FD, in that COLUMN; -1: it cannot be read. */
static int has_user(int fd, unsigned long user, unsigned column)
{
	unsigned long number[COLUMNS] = { 0 };
	unsigned in = 0;
	bool digit = false;
	int found = false;
	char text[256];
	ssize_t n;

	if (fd < 0)
		return -1;
	while ((n = sys_read(fd, text, sizeof text)) > 0)
		for (ssize_t i = 0; i < n; i++) {
			const bool was = digit;

			digit = text[i] >= '0' && text[i] <= '9';
			if (digit && in < COLUMNS)
				number[in] =
					number[in] * 10 + (unsigned long)(text[i] - '0');
			in += was && !digit;
			if (text[i] != '\n')
				continue;
			found |= user >= number[column] &&
				 user - number[column] < number[COUNT];
			memset(number, 0, sizeof number);
			in = 0;
		}
	return n < 0 ? -1 : found;
}

static const char users[] = "/proc/self/uid_map", groups[] = "/proc/self/gid_map";

/* This namespace's MAP. A descriptor, or -errno. */
static int open_own_map(const char *map)
{
	return sys_openat(AT_FDCWD, map, O_RDONLY | O_CLOEXEC, 0);
}

/* Whether ID is in this namespace's MAP; -1: that cannot be read. */
static int knows(const char *map, unsigned long id)
{
	const int fd = open_own_map(map);
	const int ret = has_user(fd, id, INSIDE);

	if (fd >= 0)
		sys_close(fd);
	return ret;
}

static int knows_user(unsigned long user)
{
	return knows(users, user);
}

/* Whether "/" belongs to whom this namespace does not know. */
static bool root_is_unknown(void)
{
	struct statx st;

	return sys_statx(AT_FDCWD, "/", 0, &st) == 0 && st.stx_uid == OVERFLOW_USER;
}

bool owner_may_be_root(unsigned uid)
{
	return uid == 0 ||
	       (uid == OVERFLOW_USER && root_is_unknown() && knows_user(0) == 0);
}

bool owner_is_system(unsigned uid, const char *path)
{
	static const char list[][sizeof "/var/tmp"] = { "", "/", "/tmp", "/var",
							"/var/tmp" };

	for (size_t i = 0; i < sizeof list / sizeof *list; i++)
		if (!strcmp(path, list[i]))
			return owner_may_be_root(uid);
	return uid == 0;
}

/* Whether this namespace has USER. Where its map cannot be read, "/" tells. */
static bool has_in_map(unsigned user)
{
	const int has = knows_user(user);

	return has < 0 ? !root_is_unknown() : has;
}

bool owner_is_known(unsigned uid)
{
	return uid != OVERFLOW_USER || has_in_map(uid);
}

static const unsigned last_user = 0xfffffffe;

bool owner_is_one(unsigned uid)
{
	return uid != OVERFLOW_USER || has_in_map(last_user);
}

bool owner_is_self(unsigned uid, unsigned euid, const char *path)
{
	const int how = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_NOATIME |
			O_CLOEXEC;
	int fd;

	if (uid != euid || uid != OVERFLOW_USER || knows_user(last_user) != 0)
		return uid == euid;
	/* The kernel lets nobody else do this. */
	fd = sys_openat(AT_FDCWD, path, how, 0);
	if (fd >= 0)
		sys_close(fd);
	return fd >= 0;
}

bool owner_gives_rights(unsigned uid, unsigned gid)
{
	return owner_is_known(uid) && (gid != OVERFLOW_USER || knows(groups, gid) != 0);
}

/*
 * Whether the map FD begins as this namespace's own, as in the same one, and in one that was
 * made with power over the same users.
 */
static bool is_own_map(int fd)
{
	char its[256], own[sizeof its];
	const int self = open_own_map(users);
	ssize_t n = -1, m = -1;

	if (self >= 0) {
		n = sys_pread(fd, its, sizeof its, 0);
		m = sys_pread(self, own, sizeof own, 0);
		sys_close(self);
	}
	return n > 0 && n == m && !memcmp(its, own, (size_t)n);
}

bool owner_rules(int proc, const char *pid, unsigned uid)
{
	struct statx st;
	bool rules;
	int fd;

	if (sys_statx(proc, pid, 0, &st) == 0 && st.stx_uid == uid && owner_is_one(uid))
		return true;
	fd = sys_open_proc(proc, pid, "uid_map");
	/* The kernel has no such namespaces. */
	if (fd < 0)
		return fd == -ENOENT;
	rules = is_own_map(fd) || has_user(fd, uid, OUTSIDE) > 0;
	sys_close(fd);
	return rules;
}

bool owner_same_mount(const struct statx *one, const struct statx *other)
{
	return one->stx_dev_major == other->stx_dev_major &&
	       one->stx_dev_minor == other->stx_dev_minor;
}

/* The status of the directory that PATH lies in, by its text. 0 or -errno. */
static int look_around(const char *path, struct statx *around)
{
	enum { LONGEST = 511 }; /* of what is asked for: roots, and own directories */
	const char *slash = strrchr(path, '/');
	const size_t len = slash ? (size_t)(slash - path) : 0;
	char dir[LONGEST + 1];

	if (len >= sizeof dir)
		return -ENAMETOOLONG;
	memcpy(dir, path, len);
	dir[len] = '\0';
	return sys_statx(AT_FDCWD, len ? dir : "/", 0, around);
}

int owner_mounted(const char *path, const struct statx *st)
{
	struct statx around;
	int ret;

	/* Since Linux 5.8 the kernel says by itself what is none. */
	if (st->stx_attributes_mask & ~st->stx_attributes & STATX_ATTR_MOUNT_ROOT)
		return 0;
	ret = look_around(path, &around);
	return ret < 0 ? ret : !owner_same_mount(st, &around);
}

bool owner_is_said(const char *path, const struct statx *st, const struct statx *around)
{
	uint32_t type;

	if (!(around->stx_mode & (S_IWGRP | S_IWOTH)) || owner_same_mount(st, around))
		return false;
	return sys_file_system(-1, path, &type) < 0 || type == SYS_FUSE;
}

bool owner_is_said_at(const char *path, const struct statx *st)
{
	struct statx around;

	return owner_mounted(path, st) != 0 &&
	       (look_around(path, &around) < 0 || owner_is_said(path, st, &around));
}

bool owner_leads_away(const char *path)
{
	const unsigned euid = sys_geteuid();
	struct statx st, around = { .stx_mode = 0 };
	char upto[PATH_MAX];

	for (size_t len = 1; path[len - 1] && len < sizeof upto; len++) {
		if (path[len] != '/' && path[len])
			continue;
		memcpy(upto, path, len);
		upto[len] = '\0';
		if (sys_look(AT_FDCWD, upto, &st) < 0)
			return false;
		if (((around.stx_mode & (S_IWGRP | S_IWOTH)) ||
		     (around.stx_uid && around.stx_uid != euid)) &&
		    (S_ISLNK(st.stx_mode) ? path[len] != '\0' :
					    !owner_same_mount(&st, &around)))
			return true;
		around = st;
	}
	return false;
}
