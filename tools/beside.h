/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Entering a session that is held to a size. What is in it lies in one mount namespace and
 * nowhere else, so a command goes to the processes that are there.
 */
#ifndef PRIVTMP_BESIDE_H
#define PRIVTMP_BESIDE_H

#include <stdbool.h>

#include "session/lease.h"

struct beside {
	const struct lease *lease;
	int user, mount; /* descriptors of the namespaces */
};

/* Finds the namespaces, by a process of this user's in them. False: there is none. */
bool beside_find(const struct lease *lease, struct beside *out);

/*
 * Takes this process there, to the same working directory by name, with no more rights
 * than it has. 0 or -errno.
 */
int beside_join(const struct beside *beside);

#endif
