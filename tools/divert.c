/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Package managers' files; see divert.h. Runs the managers' tools, with an environment of
 * our own.
 */
#include "divert.h"
#include "core/report.h"
#include "same_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The first of PATHS that exists, or NULL. */
static const char *find_tool(const char *const *paths)
{
	for (; *paths; paths++)
		if (access(*paths, X_OK) == 0)
			return *paths;
	return NULL;
}

/*
 * Runs ARGV, whose first is a path. What it writes to standard output goes to OUT (SIZE
 * bytes) where there is one, what it complains about nowhere where QUIET. The exit status,
 * or -1.
 */
static int run(const char *const argv[], char *out, size_t size, bool quiet)
{
	char *const envp[] = {
		(char *)"LC_ALL=C",
		(char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin",
		NULL,
	};
	int fds[2], status = -1;
	size_t have = 0;
	pid_t child;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -1;
	child = fork();
	if (child == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, 0);
		dup2(fds[1], 1);
		if (quiet)
			dup2(null, 2);
		execve(argv[0], (char *const *)argv, envp);
		_exit(127);
	}
	close(fds[1]);
	while (child > 0) {
		char rest[512];
		const bool room = out && have + 1 < size;
		ssize_t n = read(fds[0], room ? out + have : rest,
				 room ? size - 1 - have : sizeof rest);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		have += room ? (size_t)n : 0;
	}
	if (out)
		out[have] = '\0';
	close(fds[0]);
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static const char *const dpkg_query[] = { "/usr/bin/dpkg-query", NULL };
static const char *const dpkg_divert[] = { "/usr/bin/dpkg-divert",
					   "/usr/sbin/dpkg-divert", NULL };
static const char *const rpm[] = { "/usr/bin/rpm", "/bin/rpm", NULL };
static const char *const apk[] = { "/sbin/apk", "/usr/bin/apk", NULL };

static bool is_of(const char *const *tools, const char *option, const char *more,
		  const char *path)
{
	const char *tool = find_tool(tools);
	const char *const argv[] = { tool, option, more ? more : path, more ? path : NULL,
				     NULL };

	return tool && run(argv, NULL, 0, true) == 0;
}

/* PATH by its other name, where /bin, /lib or /sbin is a link to that in /usr. */
static bool other_name(const char *path, char *name)
{
	if (!strncmp(path, "/usr/", 5))
		snprintf(name, PATH_MAX, "%s", path + 4);
	else if (snprintf(name, PATH_MAX, "/usr%s", path) >= PATH_MAX)
		return false;
	return same_paths(path, name);
}

enum owner divert_owner(const char *path, char *name)
{
	snprintf(name, PATH_MAX, "%s", path);
	if (is_of(dpkg_query, "--search", "--", path))
		return OWNER_DPKG;
	if (is_of(rpm, "--query", "--file", path))
		return OWNER_RPM;
	if (is_of(apk, "info", "--who-owns", path))
		return OWNER_APK;
	if (other_name(path, name) && is_of(dpkg_query, "--search", "--", name))
		return OWNER_DPKG;
	snprintf(name, PATH_MAX, "%s", path);
	return OWNER_NONE;
}

static int refuse(const char *name)
{
	report(name, "dpkg-divert does not do its part", 0, "see what it says");
	return -1;
}

int divert_add(const char *name, const char *tail)
{
	char to[PATH_MAX + 64];
	const char *const argv[] = { find_tool(dpkg_divert),
				     "--quiet",
				     "--local",
				     "--no-rename",
				     "--divert",
				     to,
				     "--add",
				     name,
				     NULL };

	snprintf(to, sizeof to, "%s%s", name, tail);
	return argv[0] && run(argv, NULL, 0, false) == 0 ? 0 : refuse(name);
}

int divert_remove(const char *name)
{
	const char *const argv[] = {
		find_tool(dpkg_divert), "--quiet", "--no-rename", "--remove", name, NULL
	};

	return argv[0] && run(argv, NULL, 0, false) == 0 ? 0 : refuse(name);
}

bool divert_is(const char *name, const char *tail)
{
	char text[2 * PATH_MAX], to[PATH_MAX + 64];
	const char *const argv[] = { find_tool(dpkg_divert), "--truename", name, NULL };

	if (!argv[0] || run(argv, text, sizeof text, true) != 0)
		return false;
	text[strcspn(text, "\n")] = '\0';
	snprintf(to, sizeof to, "%s%s", name, tail);
	return !strcmp(text, to);
}
