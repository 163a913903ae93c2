/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names and groups of users; see users.h. */
#include "users.h"
#include "core/sys.h"

#include <fcntl.h>
#include <grp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GROUPS = 1024, LINE = 8 * GROUPS };

/* The entry of UID in FILE, which is closed. */
static const struct passwd *find_user(FILE *file, uid_t uid)
{
	const struct passwd *entry = NULL;

	while (file && (entry = fgetpwent(file)) && entry->pw_uid != uid)
		;
	/* The entry's strings are not in the file's buffer. */
	if (file)
		fclose(file);
	return entry;
}

/* In the child: executes COMMAND with its output to FD. */
static void become(char *const *command, int fd)
{
	static char *const clean[] = { (char *)"PATH=/usr/bin:/bin", (char *)"LC_ALL=C",
				       NULL };
	char path[64];

	if (dup2(fd, STDOUT_FILENO) < 0)
		_exit(127);
	snprintf(path, sizeof path, "/usr/bin/%s", command[0]);
	execve(path, command, clean);
	snprintf(path, sizeof path, "/bin/%s", command[0]);
	execve(path, command, clean);
	_exit(127);
}

/* Reads the first line of COMMAND's output. True if it succeeded. */
static bool ask(char *const *command, char line[LINE])
{
	int fds[2], status = -1;
	FILE *from;
	bool read;
	pid_t child;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return false;
	child = fork();
	if (child == 0)
		become(command, fds[1]);
	close(fds[1]);
	from = child > 0 ? fdopen(fds[0], "r") : NULL;
	read = from && fgets(line, LINE, from);
	if (from)
		fclose(from);
	else
		close(fds[0]);
	return child > 0 && waitpid(child, &status, 0) == child && status == 0 && read;
}

const struct passwd *user_of(uid_t uid)
{
	static char line[LINE];
	char number[SYS_DECIMAL];
	char *command[] = { (char *)"getent", (char *)"passwd", number, NULL };
	const struct passwd *found = find_user(fopen("/etc/passwd", "re"), uid);

	if (found)
		return found;
	snprintf(number, sizeof number, "%lu", (unsigned long)uid);
	if (!ask(command, line))
		return NULL;
	return find_user(fmemopen(line, strlen(line), "r"), uid);
}

static bool is_in_group(const struct group *group, const char *name)
{
	for (char **member = group->gr_mem; *member; member++)
		if (!strcmp(*member, name))
			return true;
	return false;
}

static size_t groups_in_file(const char *name, gid_t groups[GROUPS])
{
	FILE *file = fopen("/etc/group", "re");
	const struct group *entry;
	size_t n = 0;

	while (file && n < GROUPS && (entry = fgetgrent(file)))
		if (is_in_group(entry, name))
			groups[n++] = entry->gr_gid;
	if (file)
		fclose(file);
	return n;
}

/* By id(1), which writes all group numbers. */
static size_t groups_elsewhere(const char *name, gid_t groups[GROUPS])
{
	char line[LINE], *at = line;
	char *command[] = { (char *)"id", (char *)"-G", (char *)name, NULL };
	size_t n = 0;

	if (name[0] == '-' || !ask(command, line))
		return 0;
	while (n < GROUPS) {
		char *end;
		unsigned long id = strtoul(at, &end, 10);

		if (end == at)
			break;
		groups[n++] = (gid_t)id;
		at = end;
	}
	return n;
}

int user_take_groups(const char *name, gid_t gid)
{
	static gid_t groups[1 + GROUPS];
	size_t n = groups_elsewhere(name, groups + 1);

	if (!n)
		n = groups_in_file(name, groups + 1);
	groups[0] = gid;
	return setgroups(1 + n, groups);
}
