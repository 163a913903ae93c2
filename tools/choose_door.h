/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which door a command uses, and why. */
#ifndef PRIVTMP_CHOOSE_DOOR_H
#define PRIVTMP_CHOOSE_DOOR_H

#include "options.h"
#include "reach.h"

#include <sys/types.h>

struct choice {
	enum door door;
	const char *why; /* why the shim does not cover all of the command; NULL: it does */
	char what[512]; /* why no door works, or not fully; empty: one does */
	const char *remedy;
	pid_t probe; /* a child that tried the mount door, and ends soon; 0: none */
};

/*
 * Why the shim does not fully cover PROGRAM, and the *REMEDY; NULL: it does, as far as can
 * be determined. *PARTLY: it covers most.
 */
const char *door_needed(const struct shim *shim, const struct program *program,
			bool *partly, const char **remedy);

/* Chooses the door for PROGRAM with SETTINGS. Can try whether the mount door opens. */
void door_choose(enum backend backend, const struct settings *settings,
		 const struct shim *shim, const struct program *program,
		 struct choice *out);

/* Waits for the child, if there is one. */
void choice_settle(const struct choice *choice);

/* The vector that executes PATH with ARGV through the mount door; NULL: no memory. */
char **door_argv(const struct shim *shim, const char *path, char **argv);

#endif
