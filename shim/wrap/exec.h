/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Executing: how a new image gets the shim, the session, and a path that means
 * to it what it meant to the program. All of it on the stack, as far as that is
 * large enough: it runs between vfork and exec.
 */
#ifndef PRIVTMP_EXEC_H
#define PRIVTMP_EXEC_H

#include <stdbool.h>
#include <stddef.h>

#include "session/handover.h"
#include "session/session.h"

/* Remembers how the shim was preloaded; ENVP NULL: by /etc/ld.so.preload. */
void exec_remember(char *const *envp);

/* Finds what all of them end in, for the children to come. */
void exec_prepare(void);

/*
 * Puts PRIVTMP_SESSION into environ, for images that are executed behind our
 * back (inside libc, by direct system calls).
 */
void exec_publish(void);

/* An environment in the making: ENVP with what the shim needs. */
struct exec_env {
	char *const *from;
	size_t entries;	     /* of the vector that is needed */
	size_t bytes;	     /* of the text that is needed */
	const char *preload; /* an LD_PRELOAD that lacks the shim, or NULL */
	bool whole;	     /* nothing has to be changed */
	int error;	     /* why exec_env_fill returns NULL */
	struct handover handover;
};

enum { EXEC_ON_STACK = 1024 }; /* pointers, of 4 or 8 bytes */

/* Returns how much room on the stack exec_env_fill wants. */
size_t exec_env_plan(struct exec_env *env, char *const *envp);

/*
 * Fills ROOM, or pages of its own where a stack may not be large enough, opens the
 * handover for a child whose parent is PARENT (see session_handover) and returns the
 * environment to use; NULL: see error.
 */
char *const *exec_env_fill(struct exec_env *env, void *room, int parent);
void exec_env_end(struct exec_env *env);

/*
 * Before what needs a session to be there: makes one that was only planned, and names it
 * in ENVP, which exec_env_fill has returned. 0, or the errno for which there is none.
 */
int exec_env_settle(struct exec_env *env, char *const *envp, int parent);

/* Pages for arguments that may be too much for a stack; nobody gives them back. */
void *exec_pages(size_t size);

/* Whether what is executed finds the shim by itself: by /etc/ld.so.preload. */
bool exec_everywhere(void);

/* Whether programs of the machine's other word size find a shim of theirs. */
bool exec_has_other(void);

/*
 * Before libc starts a shell of its own: what clearenv, unsetenv or a new
 * environ has taken away comes back. Not for signal handlers.
 */
void exec_env_mend(void);

/* Behind that: the program sees the view's paths again. */
void exec_env_mended(void);

/* PRIVTMP_SESSION as it stands in environ. */
struct handover *exec_env_published(void);

/* Executes or spawns the real PATH; returns an errno, 0 for success. */
typedef int exec_runner(void *arg, const char *path, char *const *argv,
			char *const *envp);

/* Who runs what is found, in which environment. */
struct exec_job {
	exec_runner *run;
	void *arg;
	struct exec_env *env;
	int parent;   /* of the image: see session_handover */
	bool matters; /* what cannot be covered has to be found: uncovered.h */
	bool moves;   /* only the child will see what a relative path leads to */
};

/* The same; SHELL: a file in no known format is given to /bin/sh. */
int exec_try(const struct exec_job *job, const char *path, char *const *argv,
	     char *const *envp, bool shell);

/* Runs FILE as found along PATH, as execvp(3) and posix_spawnp(3) do. */
int exec_search(const struct exec_job *job, const char *file, char *const *argv,
		char *const *envp, bool shell);

/* Whether ACTIONS of posix_spawn's may change the directory before it executes. */
bool spawn_may_move(const void *actions);

/* execveat(2) by REAL, or by its number where that is NULL. */
typedef int execveat_fn(int fd, const char *path, char *const *argv, char *const *envp,
			int flags);
int exec_at(execveat_fn *real, int fd, const char *path, char *const *argv,
	    char *const *envp, int flags);

#endif
