/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Executing: gives a new image the shim, the session, and a path with the meaning that
 * it has for the program. On the stack where that is large enough: this runs between
 * vfork and exec.
 */
#ifndef PRIVTMP_EXEC_H
#define PRIVTMP_EXEC_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "session/handover.h"
#include "session/session.h"

/* Notes how the shim was preloaded, for new images. Before main only. */
void exec_remember(void);

/* Looks up the functions that all of them end in, for children. */
void exec_prepare(void);

/*
 * Puts PRIVTMP_SESSION into environ, for images that no wrapper sees (executed inside
 * libc, or by direct system calls).
 */
void exec_publish(void);

/* A new environment: ENVP, and what the shim needs. */
struct exec_env {
	char *const *from;
	size_t entries;	     /* of the vector */
	size_t bytes;	     /* of the text */
	const char *preload; /* an LD_PRELOAD that lacks the shim, or NULL */
	bool whole;	     /* ENVP can be used as it is */
	bool unreadable;     /* the kernel is to answer EFAULT, or what it finds before */
	bool apart;	     /* descriptors of ours keep off the program's numbers */
	int error;	     /* why exec_env_fill returns NULL */
	struct handover handover;
};

enum { EXEC_ON_STACK = 1024 }; /* pointers, of 4 or 8 bytes */

/*
 * Returns the room on the stack that exec_env_fill needs. ARGV or ENVP may be unreadable: then
 * the program is executed with an environment that the kernel cannot read.
 */
size_t exec_env_plan(struct exec_env *env, char *const *argv, char *const *envp);

/*
 * Fills ROOM, or pages of its own where the stack may be too small, and opens the
 * handover for a child whose parent is PARENT (see session_handover). Returns the
 * environment to use; NULL: see error.
 */
char *const *exec_env_fill(struct exec_env *env, void *room, int parent);
void exec_env_end(struct exec_env *env);

/*
 * Call before a session is needed: makes the planned one, and names it in ENVP, the
 * result of exec_env_fill. 0, or the errno.
 */
int exec_env_settle(struct exec_env *env, char *const *envp, int parent);

/* The entry of ENVP, from exec_env_fill, that preloads the shim and nothing else; or NULL. */
char **exec_env_preload(char *const *envp);

/* Pages for arguments that may be too large for the stack; never freed. */
void *exec_pages(size_t size);

/* Whether new images load the shim by themselves: by /etc/ld.so.preload. */
bool exec_everywhere(void);

/* Whether there is a shim for programs of the other word size. */
bool exec_has_other(void);

/*
 * Call before libc starts a shell: restores what clearenv, unsetenv or a new environ
 * has removed. Not for signal handlers. 0, or the errno for which no shell may be started.
 */
int exec_env_mend(void);

/* Call afterwards: the program sees the view's paths again. */
void exec_env_mended(void);

/* PRIVTMP_SESSION as it stands in environ. */
struct handover *exec_env_published(void);

/*
 * Declares ARGV, the arguments of execl and the like from FIRST on, as a vector on the
 * caller's stack; LIST is behind its NULL. The caller ends it by va_end.
 */
#define LIST_ARGUMENTS(first, argv, list) \
	va_list list; \
	size_t argv##_n = 1; \
	va_start(list, first); \
	if (first) \
		while (va_arg(list, const char *)) \
			argv##_n++; \
	va_end(list); \
	char *argv[argv##_n + 1]; \
	va_start(list, first); \
	argv[0] = (char *)first; \
	for (size_t i = 1; first && i <= argv##_n; i++) \
	argv[i] = va_arg(list, char *)

/* Executes or spawns the real PATH; returns an errno, 0 for success. */
typedef int exec_runner(void *arg, const char *path, char *const *argv,
			char *const *envp);

/* How and in which environment a program is executed. */
struct exec_job {
	exec_runner *run;
	void *arg;
	struct exec_env *env;
	int parent;	   /* of the new image: see session */
	bool matters;	   /* programs are inspected: uncovered.h */
	const void *moves; /* NULL, or file actions that change the directory first */
};

/*
 * Runs PATH, a path in the view, by JOB, in the environment ENVP of exec_env_fill. SHELL: a
 * file in no known format is given to /bin/sh. Returns the runner's result, or an errno.
 */
int exec_try(const struct exec_job *job, const char *path, char *const *argv,
	     char *const *envp, bool shell);

/* The same for FILE as found along PATH, as execvp(3) and posix_spawnp(3) do. */
int exec_search(const struct exec_job *job, const char *file, char *const *argv,
		char *const *envp, bool shell);

/* Whether posix_spawn's ACTIONS may change the directory before the exec. */
bool spawn_may_move(const void *actions);

/*
 * Whether the working directory is still that from which relative names of ACTIONS were
 * seen. If not, they may lead into a shared directory.
 */
bool spawn_may_start(const void *actions);

/*
 * Whether a link has come since that leads a name of ACTIONS elsewhere than the kernel would
 * go, or one of procfs leads the child elsewhere, or that is not known.
 */
bool spawn_leads_elsewhere(const void *actions);

/* Whether a link of procfs leads the child with ACTIONS to another program at PATH. */
bool spawn_moves_program(const void *actions, const char *path);

/*
 * Whether an element of LIST, one of ld.so's, leads a child with ACTIONS elsewhere than the
 * caller, into a shared directory. Says so. NAMES: one without a slash is no path.
 */
bool spawn_list_strays(const void *actions, const char *list, bool names);

/* The bytes that the two functions below may write for PATH. */
size_t spawn_room(const char *path);

/*
 * Writes to OUT (spawn_room(PATH) bytes) what the relative PATH is to the caller after
 * ACTIONS. False: that is not known.
 */
bool spawn_moved(const void *actions, const char *path, char *out);

/*
 * PATH as seen from the caller and in the view: as it is, or written to OUT, which has
 * spawn_room(PATH) bytes. NULL where it may lead to a guarded directory, but it is unknown
 * from where.
 */
const char *spawn_seen(const void *actions, const char *path, char *out);

/* execveat(2) by REAL, or by number where that is NULL. */
typedef int execveat_fn(int fd, const char *path, char *const *argv, char *const *envp,
			int flags);
int exec_at(execveat_fn *real, int fd, const char *path, char *const *argv,
	    char *const *envp, int flags);

#endif
