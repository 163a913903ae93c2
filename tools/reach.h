/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether the shim sees all that a program does, and by which door it would be served. */
#ifndef PRIVTMP_REACH_H
#define PRIVTMP_REACH_H

#include "preload.h"

#include <stdbool.h>

/* In order: of two that hold, the later one does. */
enum reach { REACH_ALL, REACH_PART, REACH_NONE };
enum door { DOOR_PRELOAD, DOOR_MOUNT, DOOR_NONE };

const char *reach_word(enum reach reach); /* "not-covered" */
const char *door_word(enum door door);

/* The shim is built with the libc that this program is built with. */
extern const bool shim_is_musl;

/*
 * Why the shim cannot get into PROGRAM, or NULL. *REMEDY is what would help.
 */
const char *shim_obstacle(const struct shim *shim, const struct program *program,
			  const char **remedy);

/*
 * What can be told of PROGRAM quickly: by its headers, and for a dynamic program by its own
 * code where that is not large. "privtmp check" looks at its libraries, too. *REASON is
 * why it is not wholly covered; NULL: it is.
 */
enum reach program_reach(const struct shim *shim, const struct program *program,
			 const char **reason);

#endif
