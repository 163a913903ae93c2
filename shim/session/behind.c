/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who is behind the mount door; see behind.h. */
#define _GNU_SOURCE
#include "session/behind.h"
#include "core/owner.h"
#include "core/sys.h"
#include "session/root_name.h"

#include <fcntl.h>
#include <string.h>

enum {
	ROOM = 4096,
	FIELD_ROOT = 3, /* in a line of mountinfo: the mounted directory */
};

/* Whether the ROOT_NAME bytes at TEXT are the name of a root of POLICY's. */
static bool is_of(const struct policy *policy, const char *text)
{
	for (unsigned i = 0; i < policy->guards; i++) {
		const struct text *root = &policy->guard[i].root;

		if (root->len >= ROOT_NAME &&
		    !memcmp(root->at + root->len - ROOT_NAME, text, ROOT_NAME))
			return true;
	}
	return false;
}

/*
 * Whether the file FD, a mountinfo, names such a root as what is mounted. Mount points and
 * sources are as whoever has mounted it likes, by fusermount(1) for example.
 */
static bool shows(int fd, const struct policy *policy)
{
	char room[ROOM];
	unsigned field = 0;
	size_t kept = 0;
	ssize_t n;

	while ((n = sys_read(fd, room + kept, sizeof room - kept)) > 0) {
		const size_t len = kept + (size_t)n;
		size_t at = 0;

		for (; at + ROOT_NAME <= len; at++) {
			if (field == FIELD_ROOT && room[at] == ROOT_BEGIN[0] &&
			    is_of(policy, room + at))
				return true;
			if (room[at] == '\n')
				field = 0;
			else if (room[at] == ' ')
				field++;
		}
		/* A name can lie across two reads. */
		kept = len - at;
		memmove(room, room + at, kept);
	}
	return false;
}

/* The same of the process PID, a name in the directory PROC. */
static bool is_behind(int proc, const char *pid, const struct policy *policy)
{
	bool found;
	int fd;

	if (!owner_rules(proc, pid, sys_geteuid()))
		return false;
	fd = sys_open_proc(proc, pid, "mountinfo");
	if (fd < 0)
		return false;
	found = shows(fd, policy);
	sys_close(fd);
	return found;
}

bool behind_any(const struct policy *policy)
{
	char room[1024] __attribute__((aligned(8)));
	const int proc =
		sys_openat(AT_FDCWD, "/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	bool found = false;
	ssize_t n;

	while (proc >= 0 && !found && (n = sys_getdents(proc, room, sizeof room)) > 0)
		for (ssize_t at = 0; at < n && !found;) {
			const struct kernel_dirent *entry =
				(struct kernel_dirent *)(room + at);

			at += entry->len;
			if (entry->name[0] >= '1' && entry->name[0] <= '9')
				found = is_behind(proc, entry->name, policy);
		}
	if (proc >= 0)
		sys_close(proc);
	return found;
}
