/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Calls that start a program. Each runs in a child whose output is caught, and
 * prints it with the exit status; a failed exec prints its own errno there.
 */
#define _GNU_SOURCE
#include "driver.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define CAUGHT 4096
#define PATIENCE_MS 10000

/* Reads until the writers are gone; a child that hangs must not hang the test. */
static void out_caught(int fd)
{
	char bytes[CAUGHT];
	size_t used = 0;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	while (used < sizeof bytes && poll(&p, 1, PATIENCE_MS) > 0) {
		ssize_t n = read(fd, bytes + used, sizeof bytes - used);
		if (n <= 0)
			break;
		used += (size_t)n;
	}
	out_buffer(bytes, 0, (long)used);
}

static void out_status(int status)
{
	if (WIFSIGNALED(status))
		out(" signal=%d", WTERMSIG(status));
	else
		out(" exit=%d", WEXITSTATUS(status));
}

static void run_and_catch(const struct args *a, int (*start)(const struct args *a))
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) != 0)
		return;
	out_flush();
	pid_t child = fork();
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		dup2(ends[1], STDERR_FILENO);
		errno = UNTOUCHED;
		int result = start(a);
		dprintf(STDERR_FILENO, "%d %s\n", result, error_name(errno));
		_exit(99);
	}
	close(ends[1]);
	out_caught(ends[0]);
	close(ends[0]);
	int status = 0;
	if (child > 0 && waitpid(child, &status, 0) == child)
		out_status(status);
	/* The exit status of the last child is what a register may hold. */
	RET(WEXITSTATUS(status));
}

/* argv of a step: the path itself and what follows it. */
static char **vector(const struct args *a, int path)
{
	static char *argv[MAX_ARGS + 1];
	int n = 0;
	for (int i = path; i < a->count; i++)
		argv[n++] = strdup(path_arg(a, i) ? path_arg(a, i) : "");
	argv[n] = NULL;
	return argv;
}

#define EXEC(name, call) \
	static int start_##name(const struct args *a) \
	{ \
		return call; \
	} \
	static void c_##name(const struct args *a) \
	{ \
		run_and_catch(a, start_##name); \
	}

static char *own_environment[] = { (char[]){ "A=1" }, (char[]){ "PATH=/usr/bin:/bin" },
				   NULL };

EXEC(execv, execv(P(0), vector(a, 0)))
EXEC(execve, execve(P(0), vector(a, 0), environ))
EXEC(execve_own, execve(P(0), vector(a, 0), own_environment))
EXEC(execve_null, execve(P(0), vector(a, 0), NULL))
EXEC(execvp, execvp(P(0), vector(a, 0)))
EXEC(execvp_unnamed, execvp(P(0), (char *[]){ NULL }))
EXEC(execl, execl(P(0), P(0), "one", "two", (char *)NULL))
EXEC(execle, execle(P(0), P(0), "one", (char *)NULL, own_environment))
EXEC(execlp, execlp(P(0), P(0), "one", (char *)NULL))
#ifdef __GLIBC__
EXEC(execvpe, execvpe(P(0), vector(a, 0), own_environment))
EXEC(execveat, execveat(FD(0), P(1), vector(a, 1), environ, (int)N(2, 0)))
#endif
EXEC(fexecve, fexecve(open(P(0), O_RDONLY), vector(a, 0), environ))
EXEC(fexecve_alone, fexecve(open(P(0), O_RDONLY), vector(a, 0), NULL))
EXEC(fexecve_path, fexecve(open(P(0), O_PATH), vector(a, 0), environ))

/* "path PATH STEP": execvp and friends look the name up there. */
static int start_execvp_path(const struct args *a)
{
	setenv("PATH", P(0), 1);
	return execvp(P(1), vector(a, 1));
}

static void c_execvp_path(const struct args *a)
{
	run_and_catch(a, start_execvp_path);
}

static int wait_for(int error, const pid_t *child)
{
	int status = 0;
	if (error != 0) {
		errno = error;
		return -1;
	}
	if (waitpid(*child, &status, 0) != *child)
		return -2;
	_exit(WEXITSTATUS(status));
}

static int start_posix_spawn(const struct args *a)
{
	pid_t child = 0;
	return wait_for(posix_spawn(&child, P(0), NULL, NULL, vector(a, 0), environ),
			&child);
}

static int start_posix_spawn_own(const struct args *a)
{
	pid_t child = 0;
	return wait_for(posix_spawn(&child, P(0), NULL, NULL, vector(a, 0),
				    own_environment),
			&child);
}

static int start_posix_spawnp(const struct args *a)
{
	pid_t child = 0;
	return wait_for(posix_spawnp(&child, P(0), NULL, NULL, vector(a, 0), environ),
			&child);
}

/*
 * spawn_actions ACTION... -- PATH ARG...: "chdir:PATH", "fchdir:N",
 * "in:PATH", "out:PATH" (created), "close:N", "dup2:N" (to 19).
 */
static void add_action(posix_spawn_file_actions_t *actions, const char *word)
{
	struct args one = { .count = 1, .word = { strdup(strchr(word, ':') + 1) } };
	int error = 0;
	if (strncmp(word, "in:", 3) == 0)
		error = posix_spawn_file_actions_addopen(actions, 0, path_arg(&one, 0),
							 O_RDONLY, 0);
	else if (strncmp(word, "out:", 4) == 0)
		error = posix_spawn_file_actions_addopen(actions, 1, path_arg(&one, 0),
							 O_WRONLY | O_CREAT | O_TRUNC,
							 0640);
	else if (strncmp(word, "close:", 6) == 0)
		error = posix_spawn_file_actions_addclose(actions, fd_arg(&one, 0));
	else if (strncmp(word, "dup2:", 5) == 0)
		error = posix_spawn_file_actions_adddup2(actions, fd_arg(&one, 0), 19);
	else if (strncmp(word, "chdir:", 6) == 0)
		error = posix_spawn_file_actions_addchdir_np(actions, path_arg(&one, 0));
	else if (strncmp(word, "fchdir:", 7) == 0)
		error = posix_spawn_file_actions_addfchdir_np(actions, fd_arg(&one, 0));
	free(one.word[0]);
	if (error != 0)
		dprintf(STDERR_FILENO, "action %s: %s\n", word, error_name(error));
}

static int start_spawn_actions(const struct args *a)
{
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	int i = 0;
	for (; i < a->count && strcmp(a->word[i], "--") != 0; i++)
		add_action(&actions, a->word[i]);
	pid_t child = 0;
	int error = posix_spawn(&child, path_arg(a, i + 1), &actions, NULL,
				vector(a, i + 1), environ);
	posix_spawn_file_actions_destroy(&actions);
	return wait_for(error, &child);
}

#define SPAWN(name) \
	static void c_##name(const struct args *a) \
	{ \
		run_and_catch(a, start_##name); \
	}

SPAWN(posix_spawn)
SPAWN(posix_spawn_own)
SPAWN(posix_spawnp)
SPAWN(spawn_actions)

/* A command line of several words. */
static char *command_line(const struct args *a)
{
	static char line[8192];
	size_t used = 0;
	for (int i = 0; i < a->count; i++)
		used += (size_t)snprintf(line + used, sizeof line - used, "%s%s",
					 i ? " " : "", path_arg(a, i));
	return line;
}

static int start_system(const struct args *a)
{
	int status = system(command_line(a));
	if (status == -1)
		return -1;
	_exit(WEXITSTATUS(status));
}

SPAWN(system)

static void c_popen(const struct args *a)
{
	out_flush();
	FILE *f;
	RET_POINTER(f, popen(command_line(a), "re"));
	if (f) {
		out_caught(fileno(f));
		out_status(pclose(f));
	}
}

static void c_popen_write(const struct args *a)
{
	out_flush();
	FILE *f;
	RET_POINTER(f, popen(command_line(a), "w"));
	if (f) {
		fputs("through the pipe\n", f);
		out_status(pclose(f));
	}
}

const struct call calls_exec[] = {
	CALL(execv),	    CALL(execve),	  CALL(execve_own),
	CALL(execve_null),  CALL(execvp_unnamed), CALL(execvp),
	CALL(execl),	    CALL(execle),	  CALL(execlp),
	CALL(fexecve),	    CALL(fexecve_alone),  CALL(fexecve_path),
	CALL(execvp_path),  CALL(posix_spawn),	  CALL(posix_spawn_own),
	CALL(posix_spawnp), CALL(spawn_actions),  CALL(system),
	CALL(popen),	    CALL(popen_write),
#ifdef __GLIBC__
	CALL(execvpe),	    CALL(execveat),
#endif
	END_OF_CALLS
};
