/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which processes are members: those that have a lease mapped, as the shim has
 * it, or open, as programs have it that the shim cannot get into; sessions.h.
 */
#include "session/root_name.h"
#include "session/session.h"
#include "sessions.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whether PATH is a session's lease; cuts it down to the root. */
static bool is_lease_path(char *path)
{
	static const char deleted[] = " (deleted)", lease[] = "/" LEASE_NAME;
	size_t len = strlen(path);
	char *slash;

	if (len > sizeof deleted &&
	    !strcmp(path + len - (sizeof deleted - 1), deleted))
		return false;	/* a session that is gone */
	if (len < sizeof lease ||
	    strcmp(path + len - (sizeof lease - 1), lease) != 0)
		return false;
	path[len - (sizeof lease - 1)] = '\0';
	slash = strrchr(path, '/');
	return slash && strlen(path) <= POLICY_ROOT_MAX &&
	       root_name_is(slash + 1);
}

/* The reaper has the lease open, too, and waits for all others. */
static bool is_reaper(pid_t pid)
{
	char path[64], name[32] = "";
	FILE *comm;

	snprintf(path, sizeof path, "/proc/%d/comm", (int)pid);
	comm = fopen(path, "re");
	if (comm) {
		(void)!fgets(name, sizeof name, comm);
		fclose(comm);
	}
	return !strncmp(name, "privtmp-reaper", 14);
}

static void look_at_maps(pid_t pid, member_fn *fn, void *arg)
{
	char path[64], *line = NULL;
	size_t size = 0;
	FILE *maps;

	snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
	maps = fopen(path, "re");
	if (!maps)
		return;
	while (getline(&line, &size, maps) > 0) {
		char *name = strchr(line, '/');

		if (!name || !strstr(name, "/" ROOT_BEGIN))
			continue;
		name[strcspn(name, "\n")] = '\0';
		if (is_lease_path(name))
			fn(pid, name, arg);
	}
	free(line);
	fclose(maps);
}

static void look_at_descriptors(pid_t pid, member_fn *fn, void *arg)
{
	char path[64], name[PATH_MAX];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
	dir = opendir(path);
	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		ssize_t n = readlinkat(dirfd(dir), entry->d_name, name,
				       sizeof name - 1);

		if (n < 0)
			continue;
		name[n] = '\0';
		if (is_lease_path(name))
			fn(pid, name, arg);
	}
	closedir(dir);
}

void members_of(pid_t pid, member_fn *fn, void *arg)
{
	if (is_reaper(pid))
		return;
	look_at_maps(pid, fn, arg);
	look_at_descriptors(pid, fn, arg);
}

void members_find(member_fn *fn, void *arg)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && (entry = readdir(proc)))
		if (isdigit((unsigned char)entry->d_name[0]))
			members_of((pid_t)atol(entry->d_name), fn, arg);
	if (proc)
		closedir(proc);
}

static void take_root(pid_t pid, const char *root, void *arg)
{
	(void)pid;
	strcpy(arg, root);
}

bool session_of_process(pid_t pid, char root[POLICY_ROOT_MAX + 1])
{
	root[0] = '\0';
	members_of(pid, take_root, root);
	return root[0] != '\0';
}

void member_command(pid_t pid, char *out, size_t size)
{
	char path[64];
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof path, "/proc/%d/cmdline", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, out, size - 1);
		close(fd);
	}
	while (n > 0 && !out[n - 1])
		n--;
	if (n < 0)
		n = 0;
	/* Nobody's arguments are to write to our terminal. */
	for (ssize_t i = 0; i < n; i++)
		if (!out[i])
			out[i] = ' ';
		else if (iscntrl((unsigned char)out[i]))
			out[i] = '?';
	out[n] = '\0';
}
