/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names and groups of users; see users.h. */
#include "users.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GROUPS = 1024, LINE = 8 * GROUPS };

static bool keep(struct user *user, const char *name, gid_t gid)
{
	if (strlen(name) >= sizeof user->name)
		return false;
	strcpy(user->name, name);
	user->gid = gid;
	return true;
}

static bool find_in_file(uid_t uid, struct user *user)
{
	FILE *file = fopen("/etc/passwd", "re");
	const struct passwd *entry = NULL;
	bool found;

	while (file && (entry = fgetpwent(file)) && entry->pw_uid != uid)
		;
	found = entry && keep(user, entry->pw_name, entry->pw_gid);
	if (file)
		fclose(file);
	return found;
}

/* In the child: what COMMAND writes goes to FD. */
static void become(char *const *command, int fd)
{
	static char *const clean[] = { (char *)"PATH=/usr/bin:/bin",
				       (char *)"LC_ALL=C", NULL };
	char path[64];

	if (dup2(fd, STDOUT_FILENO) < 0)
		_exit(127);
	snprintf(path, sizeof path, "/usr/bin/%s", command[0]);
	execve(path, command, clean);
	snprintf(path, sizeof path, "/bin/%s", command[0]);
	execve(path, command, clean);
	_exit(127);
}

/* The first line that COMMAND writes; whether it has succeeded. */
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
	return child > 0 && waitpid(child, &status, 0) == child &&
	       status == 0 && read;
}

/* "name:x:uid:gid:..." */
static bool find_elsewhere(uid_t uid, struct user *user)
{
	char number[24], line[LINE], *rest = line, *field[4];
	char *command[] = { (char *)"getent", (char *)"passwd", number, NULL };

	snprintf(number, sizeof number, "%u", (unsigned)uid);
	if (!ask(command, line))
		return false;
	for (int i = 0; i < 4; i++) {
		field[i] = strsep(&rest, ":");
		if (!field[i])
			return false;
	}
	return !strcmp(field[2], number) &&
	       keep(user, field[0], (gid_t)strtoul(field[3], NULL, 10));
}

bool user_find(uid_t uid, struct user *user)
{
	return find_in_file(uid, user) || find_elsewhere(uid, user);
}

static bool is_member(const struct group *group, const char *name)
{
	for (char **member = group->gr_mem; *member; member++)
		if (!strcmp(*member, name))
			return true;
	return false;
}

static size_t groups_in_file(const struct user *user, gid_t groups[GROUPS])
{
	FILE *file = fopen("/etc/group", "re");
	const struct group *entry;
	size_t n = 0;

	groups[n++] = user->gid;
	while (file && n < GROUPS && (entry = fgetgrent(file)))
		if (entry->gr_gid != user->gid && is_member(entry, user->name))
			groups[n++] = entry->gr_gid;
	if (file)
		fclose(file);
	return n;
}

/* By id(1), which writes the numbers of all of them. */
static size_t groups_elsewhere(const struct user *user, gid_t groups[GROUPS])
{
	char line[LINE], *at = line;
	char *command[] = { (char *)"id", (char *)"-G", (char *)user->name, NULL };
	size_t n = 0;

	if (user->name[0] == '-' || !ask(command, line))
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

int user_take_groups(const struct user *user)
{
	static gid_t groups[GROUPS];
	size_t n = groups_elsewhere(user, groups);

	if (!n)
		n = groups_in_file(user, groups);
	return setgroups(n, groups);
}
