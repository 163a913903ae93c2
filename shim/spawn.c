/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * posix_spawn, and what starts a shell inside libc: system, popen, wordexp.
 */
#define _GNU_SOURCE
#include "exec.h"
#include "raw.h"
#include "wrap.h"

#include <string.h>
#include <unistd.h>

typedef int spawn_fn(int *pid, const char *path, const void *actions,
		     const void *attributes, char *const *argv,
		     char *const *envp);

struct spawn {
	int *pid;
	const void *actions, *attributes;
	spawn_fn *real;
};

static int run_spawn(void *arg, const char *path, char *const *argv,
		     char *const *envp)
{
	const struct spawn *s = arg;

	return s->real(s->pid, path, s->actions, s->attributes, argv, envp);
}

/*
 * The lease's descriptor is inherited by whatever another thread starts in
 * this moment, too; that is a member as well, and the descriptor harmless.
 */
static int spawn(struct spawn *s, const char *path, char *const *argv,
		 char *const *envp, bool search)
{
	struct exec_env env;
	int saved = errno;

	session_share();
	exec_env_plan(&env, envp);
	char *vector[env.entries], text[env.bytes];

	envp = exec_env_fill(&env, vector, text,
			     env.whole ? 0 : pt_session.pid);

	int error = search ?
		exec_search(path, argv, envp, false, run_spawn, s) :
		exec_file(path, argv, envp, run_spawn, s);

	exec_env_end(&env);
	errno = saved;
	return error;
}

WRAP(int, posix_spawn, int *pid, const char *path, const void *actions,
     const void *attributes, char *const *argv, char *const *envp);

int pt_posix_spawn(int *pid, const char *path, const void *actions,
		   const void *attributes, char *const *argv,
		   char *const *envp)
{
	struct spawn s = { pid, actions, attributes, REAL(posix_spawn) };

	return spawn(&s, path, argv, envp, false);
}

WRAP(int, posix_spawnp, int *pid, const char *path, const void *actions,
     const void *attributes, char *const *argv, char *const *envp);

int pt_posix_spawnp(int *pid, const char *file, const void *actions,
		    const void *attributes, char *const *argv,
		    char *const *envp)
{
	static void *slot;
	struct spawn s = { pid, actions, attributes,
			   (spawn_fn *)wrap_real(&slot, "posix_spawn") };

	return spawn(&s, file, argv, envp, true);
}

WRAP(int, system, const char *command);

int pt_system(const char *command)
{
	/* We wait for the shell, so it finds the session alive by its name. */
	exec_env_mend();
	return REAL(system)(command);
}

WRAP(void *, popen, const char *command, const char *mode);

/*
 * popen returns as soon as the shell has been executed, and we may be gone
 * before that joins: for that moment it inherits a descriptor of the lease.
 */
void *pt_popen(const char *command, const char *mode)
{
	struct handover *published = exec_env_published();
	struct handover mine;
	void *stream;

	exec_env_mend();
	session_handover(&mine, pt_session.pid);
	if (mine.fd < 0)
		return REAL(popen)(command, mode);
	memcpy(published->variable, mine.variable, sizeof mine.variable);
	stream = REAL(popen)(command, mode);
	session_name(published, pt_session.pid);
	session_handover_end(&mine);
	return stream;
}
