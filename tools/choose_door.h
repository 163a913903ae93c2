/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* By which door a command comes into its session, and why. */
#ifndef PRIVTMP_CHOOSE_DOOR_H
#define PRIVTMP_CHOOSE_DOOR_H

#include "options.h"
#include "reach.h"

struct choice {
	enum door door;
	const char *why; /* the shim would not see all of the command; NULL: it does */
	char what[512];	 /* why neither serves, or not wholly; empty: one does */
	const char *remedy;
};

/*
 * Why the shim would not see all that PROGRAM does, and *REMEDY what would help; NULL: it
 * does, as far as can be told. *PARTLY: it sees most.
 */
const char *door_needed(const struct shim *shim, const struct program *program,
			bool *partly, const char **remedy);

/*
 * Chooses for PROGRAM, by what was asked for: CONFINE is that setting, or NULL. May try
 * whether the mount door opens.
 */
void door_choose(enum backend backend, const char *confine, const struct shim *shim,
		 const struct program *program, struct choice *out);

/* The vector that executes PATH with ARGV through the mount door; NULL: no memory. */
char **door_argv(const struct shim *shim, const char *path, char **argv);

#endif
