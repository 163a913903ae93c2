/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Executed programs: records their arguments and environments, and keeps them audited. If a
 * program gives its child another environment (env -i), the library and the trace are
 * added.
 */
#define _GNU_SOURCE
#include "core/libc.h"
#include "audit/by_number.h"
#include "audit/outer.h"
#include "audit/exec_env.h"
#include "policy/scan.h"
#include "policy/settings.h"
#include "wrap/exec.h"

#include <unistd.h>

static bool is_searched(uint32_t call)
{
	return call == CALL_execvp || call == CALL_execvpe || call == CALL_execlp ||
	       call == CALL_posix_spawnp;
}

/* Records that PATH is about to be executed, with its arguments and environment. */
static void before(struct point *p, uint32_t call, uintptr_t site, int fd,
		   const char *path, char *const *argv, char *const *envp)
{
	p->on = false;
	if (!pt_trace)
		return;
	if (is_searched(call))
		point_search(call, site, path);
	/*
	 * All programs are recorded, so that the report can name those that were not
	 * audited.
	 */
	point_exec(p, call, site, fd, path);
	point_before(p);
	if (!view_vector_probe(argv) || !view_vector_probe(envp))
		return;
	for (size_t i = 1; argv && argv[0] && argv[i]; i++)
		point_told(call, site, argv[i], false);
	for (size_t i = 0; envp && envp[i]; i++)
		point_told(call, site, envp[i], true);
}

OUTER(int, execve, const char *path, char *const *argv, char *const *envp);
OUTER(int, execv, const char *path, char *const *argv);
OUTER(int, execvp, const char *file, char *const *argv);
OUTER(int, execvpe, const char *file, char *const *argv, char *const *envp);
OUTER(int, fexecve, int fd, char *const *argv, char *const *envp);
OUTER(int, execveat, int fd, const char *path, char *const *argv, char *const *envp,
      int flags);

/* With the environment that the image is to have, as ENV, CALL; RET is what failed. */
#define WITH_ENVIRONMENT_AT(site, call, fd, path, argv, envp, expression) \
	struct point p; \
	int ret; \
	if (likely(!pt_trace)) { \
		char *const *env = envp; \
		return expression; \
	} \
	before(&p, call, site, fd, path, argv, envp); \
	struct audit_env plan; \
	void *room[audit_env_plan(&plan, envp)]; \
	char *const *env = audit_env_fill(&plan, room); \
	ret = expression; \
	point_end(&p, true, ret, false); \
	return ret
#define WITH_ENVIRONMENT(...) WITH_ENVIRONMENT_AT(POINT_SITE, __VA_ARGS__)

int audit_execve(uintptr_t site, const char *path, char *const *argv, char *const *envp)
{
	WITH_ENVIRONMENT_AT(site, CALL_execve, AT_FDCWD, path, argv, envp,
			    pt_execve(path, argv, env));
}

int au_execve(const char *path, char *const *argv, char *const *envp)
{
	return audit_execve(POINT_SITE, path, argv, envp);
}

int au_execv(const char *path, char *const *argv)
{
	WITH_ENVIRONMENT(CALL_execv, AT_FDCWD, path, argv, libc_environ,
			 pt_execve(path, argv, env));
}

int au_execvpe(const char *file, char *const *argv, char *const *envp)
{
	WITH_ENVIRONMENT(CALL_execvpe, AT_FDCWD, file, argv, envp,
			 pt_execvpe(file, argv, env));
}

int au_execvp(const char *file, char *const *argv)
{
	WITH_ENVIRONMENT(CALL_execvp, AT_FDCWD, file, argv, libc_environ,
			 pt_execvpe(file, argv, env));
}

int au_fexecve(int fd, char *const *argv, char *const *envp)
{
	WITH_ENVIRONMENT(CALL_fexecve, fd, "", argv, envp, pt_fexecve(fd, argv, env));
}

int audit_execveat(uintptr_t site, int fd, const char *path, char *const *argv,
		   char *const *envp, int flags)
{
	WITH_ENVIRONMENT_AT(site, CALL_execveat, fd, path, argv, envp,
			    pt_execveat(fd, path, argv, env, flags));
}

int au_execveat(int fd, const char *path, char *const *argv, char *const *envp, int flags)
{
	return audit_execveat(POINT_SITE, fd, path, argv, envp, flags);
}

OUTER(int, execl, const char *path, const char *first, ...);
OUTER(int, execlp, const char *file, const char *first, ...);
OUTER(int, execle, const char *path, const char *first, ...);

int au_execl(const char *path, const char *first, ...)
{
	LIST_ARGUMENTS(first, argv, list);
	va_end(list);
	WITH_ENVIRONMENT(CALL_execl, AT_FDCWD, path, argv, libc_environ,
			 pt_execve(path, argv, env));
}

int au_execlp(const char *file, const char *first, ...)
{
	LIST_ARGUMENTS(first, argv, list);
	va_end(list);
	WITH_ENVIRONMENT(CALL_execlp, AT_FDCWD, file, argv, libc_environ,
			 pt_execvpe(file, argv, env));
}

int au_execle(const char *path, const char *first, ...)
{
	LIST_ARGUMENTS(first, argv, list);
	char *const *envp = va_arg(list, char *const *);

	va_end(list);
	WITH_ENVIRONMENT(CALL_execle, AT_FDCWD, path, argv, envp,
			 pt_execve(path, argv, env));
}

#define SPAWN_OUTER(name) \
	OUTER(int, name, int *pid, const char *path, const void *actions, \
	      const void *attributes, char *const *argv, char *const *envp); \
	int au_##name(int *pid, const char *path, const void *actions, \
		      const void *attributes, char *const *argv, char *const *envp) \
	{ \
		struct point p; \
		int ret; \
		if (likely(!pt_trace)) \
			return pt_##name(pid, path, actions, attributes, argv, envp); \
		before(&p, CALL_##name, POINT_SITE, AT_FDCWD, path, argv, envp); \
		struct audit_env plan; \
		void *room[audit_env_plan(&plan, envp)]; \
		char *const *env = audit_env_fill(&plan, room); \
		ret = pt_##name(pid, path, actions, attributes, argv, env); \
		if (p.on && ret == 0 && pid) \
			point_end(&p, false, *pid, false); \
		return ret; \
	}

SPAWN_OUTER(posix_spawn)
SPAWN_OUTER(posix_spawnp)

/* Every user can see a shell's command line. */
OUTER(int, system, const char *command);

int au_system(const char *command)
{
	if (pt_trace && command)
		point_told(CALL_system, POINT_SITE, command, false);
	return pt_system(command);
}

OUTER(void *, popen, const char *command, const char *mode);

void *au_popen(const char *command, const char *mode)
{
	if (pt_trace && command)
		point_told(CALL_popen, POINT_SITE, command, false);
	return pt_popen(command, mode);
}
