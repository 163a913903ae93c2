/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Enters the namespaces of a session that is held to a size; see beside.h. */
#include "beside.h"
#include "door/door.h"
#include "procfs.h"
#include "same_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Whether PROCESS, "self" or its number, has the session's directory over the first
 * guarded one, and no other on top, as in a session within it.
 */
static bool is_there(const char *process, const struct lease *lease)
{
	const struct guard *guard = &lease->policy.guard[0];
	const char *prefix = guard->root.at + guard->root.len;
	char path[64], view[POLICY_PATH + 1], backing[POLICY_BACKING];
	char *line = NULL;
	size_t size = 0;
	bool there = false;
	FILE *mounts;

	if (guard->view.len > POLICY_PATH)
		return false;
	text_copy(&guard->view, view);
	while (prefix[-1] != '/')
		prefix--;
	snprintf(backing, sizeof backing, "/%.*s%s",
		 (int)(guard->prefix.at + guard->prefix.len - prefix), prefix, view);
	snprintf(path, sizeof path, "/proc/%.20s/mountinfo", process);
	mounts = fopen(path, "re");
	while (mounts && getline(&line, &size, mounts) > 0) {
		struct procfs_mount mount;

		if (procfs_mount(line, &mount) && !strcmp(mount.point, view))
			there = !strcmp(mount.root, backing);
	}
	free(line);
	if (mounts)
		fclose(mounts);
	return there;
}

static int open_namespace(const char *process, const char *kind)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%.20s/ns/%s", process, kind);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static bool open_both(const char *process, struct beside *out)
{
	out->user = open_namespace(process, "user");
	out->mount = open_namespace(process, "mnt");
	if (out->user >= 0 && out->mount >= 0)
		return true;
	if (out->user >= 0)
		close(out->user);
	if (out->mount >= 0)
		close(out->mount);
	return false;
}

bool beside_find(const struct lease *lease, struct beside *out)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	bool found = false;

	out->lease = lease;
	while (proc && !found && (entry = readdir(proc))) {
		const char *name = entry->d_name;
		struct stat st;

		found = name[0] >= '1' && name[0] <= '9' &&
			fstatat(dirfd(proc), name, &st, 0) == 0 &&
			st.st_uid == geteuid() && is_there(name, lease) &&
			open_both(name, out);
	}
	if (proc)
		closedir(proc);
	return found;
}

/* Whether this process is in the user namespace open as FD, which cannot be entered then. */
static bool is_own(int fd)
{
	struct stat its;

	return fstat(fd, &its) == 0 && same_file_at(&its, "/proc/self/ns/user");
}

int beside_join(const struct beside *b)
{
	struct refusal refusal;
	struct rights rights;
	char cwd[PATH_MAX];

	if (!getcwd(cwd, sizeof cwd))
		strcpy(cwd, "/");
	space_save_rights(&rights);
	if ((!is_own(b->user) && setns(b->user, CLONE_NEWUSER) < 0) ||
	    setns(b->mount, CLONE_NEWNS) < 0)
		return -errno;
	/* The process can have been another one by the time its namespaces were opened. */
	if (!is_there("self", b->lease))
		return -ESTALE;
	if (chdir(cwd) < 0)
		(void)!chdir("/");
	return space_restore_rights(&rights, &refusal);
}
