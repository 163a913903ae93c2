/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A dynamic linker that is executed itself; see exec_loader.h. */
#define _GNU_SOURCE
#include "wrap/exec_loader.h"
#include "route/lists.h"
#include "route/out.h"
#include "wrap/exec.h"
#include "wrap/wrap.h"

#include <errno.h>
#include <string.h>

/* "ld-linux-x86-64.so.2", "ld-musl-aarch64.so.1", "ld64.so.2", "ld.so", "ld-2.31.so". */
bool loader_is(const char *path)
{
	const char *name;

	/* It may be no string that can be read. */
	if (view_length(path) <= 0)
		return false;
	name = text_base(path);
	if (name[0] != 'l' || name[1] != 'd')
		return false;
	name += strspn(name + 2, "0123456789") + 2;
	return (name[0] == '-' || name[0] == '.') && strstr(name, ".so");
}

/* What an argument before the program is. */
enum option {
	OPTION_NONE, /* the program */
	OPTION_ALONE,
	OPTION_VALUE, /* another value follows */
	OPTION_PATHS, /* a list of paths follows */
};

static enum option option_of(const char *word)
{
	static const char paths[][16] = { "--library-path", "--preload", "--audit" };
	static const char values[][24] = { "--inhibit-rpath", "--argv0",
					   "--glibc-hwcaps-prepend",
					   "--glibc-hwcaps-mask" };

	if (word[0] != '-' || word[1] != '-')
		return OPTION_NONE;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		if (!strcmp(word, paths[i]))
			return OPTION_PATHS;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		if (!strcmp(word, values[i]))
			return OPTION_VALUE;
	return OPTION_ALONE;
}

/*
 * Writes the lists among the arguments ARGV to TEXT, which has ROOM bytes, and to VECTOR
 * where they are; returns the bytes, or -errno. TEXT NULL: only counts the bytes that it may
 * take. *PROGRAM is the program's index, or that of the end.
 */
static ptrdiff_t put_lists(char *const *argv, char *text, size_t room, char **vector,
			   size_t *program)
{
	enum option option = OPTION_ALONE;
	size_t size = 0, at = 1;
	ptrdiff_t n;

	for (; argv[at]; at++) {
		option = option_of(argv[at]);
		if (option == OPTION_NONE)
			break;
		if ((option == OPTION_VALUE || option == OPTION_PATHS) && argv[at + 1])
			at++;
		if (option != OPTION_PATHS)
			continue;
		if (text)
			vector[at] = text + size;
		n = list_put_elements(argv[at], text ? text + size : NULL, room - size);
		if (n < 0)
			return n;
		size += (size_t)n;
	}
	*program = at;
	return (ptrdiff_t)size;
}

static int run_routed(const struct exec_job *job, const char *real, char **vector,
		      size_t program, char *const *envp)
{
	struct route r;
	char room[route_plan(&r, AT_FDCWD, vector[program], FOLLOW, ROUTE_READ)];
	int error;

	if (route_go(&r, room) < 0)
		return errno;
	vector[program] = (char *)r.path;
	error = job->run(job->arg, real, vector, envp);
	route_end(&r);
	return error;
}

int loader_run(const struct exec_job *job, const char *real, char *const *argv,
	       char *const *envp)
{
	size_t n = 0, program, bytes;
	ptrdiff_t put;

	while (argv && argv[n])
		n++;
	if (n < 2)
		return job->run(job->arg, real, argv, envp);
	bytes = (size_t)put_lists(argv, NULL, 0, NULL, &program);

	char **vector = exec_pages((n + 1) * sizeof *vector + bytes);

	if (!vector)
		return ENOMEM;
	memcpy(vector, argv, (n + 1) * sizeof *vector);
	put = put_lists(argv, (char *)(vector + n + 1), bytes, vector, &program);
	if (put < 0)
		return (int)-put;
	/* A relative one starts where a child will be. */
	if (!vector[program] || (job->moves && vector[program][0] != '/'))
		return job->run(job->arg, real, vector, envp);
	return run_routed(job, real, vector, program, envp);
}

void loader_show(char **argv)
{
	const char *view = argv && argv[0] ? out_view(argv[0]) : NULL;

	if (!view || view == argv[0])
		return;
	if (program_invocation_name == argv[0])
		program_invocation_name = (char *)view;
	argv[0] = (char *)view;
}
