/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A systemd unit that gets a drop-in. */
#ifndef PRIVTMP_UNIT_H
#define PRIVTMP_UNIT_H

#include "options.h"
#include "preload.h"
#include "reach.h"
#include "unit_file.h"

#include <limits.h>
#include <stdbool.h>

struct unit {
	const struct options *options;
	char name[256];
	struct unit_file file;
	struct shim shim;
	struct program program; /* what it starts; not known where that is elsewhere */
	char tool[PATH_MAX];	/* this program */
};

/*
 * Reports what in the unit is against the shim. False: the drop-in is not to be installed. Sets
 * u->program.
 */
bool unit_check(struct unit *u);

#endif
