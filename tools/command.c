/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Finds a command; see command.h. Not by execvp(3), because the file is inspected
 * before it is executed.
 */
#include "command.h"
#include "core/sys.h"
#include "resolve.h"
#include "search_path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * 0 where PATH can be executed, or the errno. PATH becomes the real path: in a session,
 * /tmp/x is another file than outside.
 */
static int try_path(char path[PATH_MAX])
{
	static char real[RESOLVE_PATH];
	struct statx st;
	int error = resolve_path(path, NULL, real), ret;

	if (error)
		return error;
	if (strlen(real) >= PATH_MAX)
		return ENAMETOOLONG;
	strcpy(path, real);
	ret = sys_statx(AT_FDCWD, path, 0, &st);
	if (ret < 0)
		return -ret;
	if (!S_ISREG(st.stx_mode))
		return EACCES;
	/* Not libc's faccessat: some versions fail where a filter refuses faccessat2. */
	return -sys_access(path, X_OK);
}

int command_find(const char *name, char out[PATH_MAX])
{
	int found = ENOENT;

	if (strchr(name, '/')) {
		if (snprintf(out, PATH_MAX, "%s", name) >= PATH_MAX)
			return ENAMETOOLONG;
		return try_path(out);
	}
	if (!*name)
		return ENOENT;
	for (const char *list = search_path_begin(); list;) {
		int error = ENAMETOOLONG;

		if (search_path_next(&list, name, out))
			error = try_path(out);
		if (error == 0)
			return 0;
		if (error == EACCES)
			found = EACCES;
	}
	return found;
}

static const char *not_run_remedy(const char *name, int error)
{
	switch (error) {
	case EISDIR: return "name a program";
	case ELOOP: return "check its links";
	case ENAMETOOLONG: return "check its name";
	default: break;
	}
	return strchr(name, '/') ? "check its permissions" :
				   "check its permissions, and those of what PATH names";
}

struct command_report command_report(const char *name, int error)
{
	struct command_report out = { .error = error };
	struct statx st;

	out.absent = error == ENOENT || error == ENOTDIR;
	/* execve(2) has the same error for a directory as for a file without permission. */
	if (error == EACCES && strchr(name, '/') &&
	    sys_statx(AT_FDCWD, name, 0, &st) == 0 && S_ISDIR(st.stx_mode))
		out.error = EISDIR;
	out.what = out.absent ? "no such command" : "cannot be run";
	out.remedy = out.absent ? "check its name and PATH" :
				  not_run_remedy(name, out.error);
	return out;
}

int command_execute(const char *path, char **argv, char **envp)
{
	size_t n = 0;
	char **shell;
	int error;

	execve(path, argv, envp);
	if (errno != ENOEXEC)
		return errno;
	while (argv[n])
		n++;
	shell = calloc(n + 3, sizeof *shell);
	if (!shell)
		return ENOMEM;
	shell[0] = (char *)"/bin/sh";
	shell[1] = (char *)path;
	for (size_t i = 1; i < n; i++)
		shell[i + 1] = argv[i];
	execve(shell[0], shell, envp);
	error = errno;
	free(shell);
	return error;
}
