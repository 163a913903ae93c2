/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A dynamic linker that is executed itself; see exec_loader.h. */
#define _GNU_SOURCE
#include "wrap/exec_loader.h"
#include "core/libc.h"
#include "route/loader.h"
#include "route/out.h"
#include "wrap/exec.h"
#include "wrap/exec_look.h"
#include "wrap/preload_word.h"
#include "wrap/wrap.h"

#include <errno.h>
#include <string.h>
#include <sys/auxv.h>

/*
 * The word that names the shim in ENVP, which musl's linker does not read where it is given
 * another list by --preload.
 */
static struct text shim_word(char *const *envp)
{
	struct text word = { "", 0 };
#ifndef __GLIBC__
	const char *value = envp ? environment_value(envp, PRELOAD) : NULL;
	const char *found = value ? preload_find(value, &word.len) : NULL;

	if (found)
		word.at = found;
	else
		word.len = 0;
#else
	(void)envp;
#endif
	return word;
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
	const struct text shim = shim_word(envp);
	size_t n = 0, program, bytes;
	ptrdiff_t put;

	while (argv && argv[n])
		n++;
	if (n < 2)
		return job->run(job->arg, real, argv, envp);
	bytes = (size_t)loader_put_lists(argv, &shim, NULL, 0, NULL, &program);

	char **vector = exec_pages((n + 1) * sizeof *vector + bytes);

	if (!vector)
		return ENOMEM;
	memcpy(vector, argv, (n + 1) * sizeof *vector);
	put = loader_put_lists(argv, &shim, (char *)(vector + n + 1), bytes, vector,
			       &program);
	if (put < 0)
		return (int)-put;
	/* A relative one starts where a child will be. */
	if (!vector[program] || (job->moves && vector[program][0] != '/'))
		return job->run(job->arg, real, vector, envp);
	return run_routed(job, real, vector, program, envp);
}

unsigned loader_facts(const struct exec_job *job, char *const *argv, const char **name)
{
	const size_t program = loader_started(argv);
	struct look look;

	if (!program)
		return 0;

	const char *path = argv[program];
	const bool moves = job->moves && view_length(path) > 0;
	char whole[moves ? spawn_room(path) : 1];
	const char *seen = moves ? spawn_seen(job->moves, path, whole) : path;

	if (!seen)
		return 0;
	struct route r;
	char room[route_plan(&r, AT_FDCWD, seen, FOLLOW, ROUTE_READ)];

	if (route_go(&r, room) < 0)
		return 0;
	look_inside(&look, r.path);
	look_end(&look);
	route_end(&r);
	look.facts &= LOOK_STATIC | LOOK_DIRECT | LOOK_LIBC;
	if (look.facts)
		*name = path;
	return look.facts;
}

/*
 * What proc(5) shows to everybody of this process: its arguments, in the memory into which
 * the kernel has copied them, one string after the other.
 */
void loader_show(char **argv)
{
	char *low = (char *)getauxval(AT_RANDOM), *end = NULL, *name, *slash;

	/* A program that the kernel started has a separate loader. */
	if (getauxval(AT_BASE) || !pt_view.policy || !low || !argv || !argv[0])
		return;
	name = argv[0];
	for (; *argv; argv++)
		if (*argv > end)
			end = *argv;
	/* Elsewhere than in the kernel they may lie otherwise. */
	if (name <= low)
		return;
	for (; low <= end; low += strlen(low) + 1)
		out_cut_text(low);
	slash = strrchr(name, '/');
	if (libc_program == name)
		libc_program_base = slash ? slash + 1 : name;
}
