/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The Landlock rules of a confined session; see confine.h. */
#ifndef PRIVTMP_CONFINE_RULES_H
#define PRIVTMP_CONFINE_RULES_H

#include <stdint.h>

#include "policy/policy.h"

/* LANDLOCK_ACCESS_FS_*, of all versions that are used. */
enum {
	CONFINE_EXECUTE = 1 << 0,
	CONFINE_WRITE_FILE = 1 << 1,
	CONFINE_READ_FILE = 1 << 2,
	/* READ_DIR, 1 << 3, is not handled: "/" must stay listable. */
	CONFINE_REMOVE_DIR = 1 << 4,
	CONFINE_REMOVE_FILE = 1 << 5,
	CONFINE_MAKE = 0x7f << 6, /* CHAR, DIR, REG, SOCK, FIFO, BLOCK, SYM */
	CONFINE_REFER = 1 << 13,
	CONFINE_TRUNCATE = 1 << 14, /* version 3 */
	CONFINE_FILE = CONFINE_EXECUTE | CONFINE_WRITE_FILE | CONFINE_READ_FILE |
		       CONFINE_TRUNCATE,
	CONFINE_HANDLED = CONFINE_FILE | CONFINE_REMOVE_DIR | CONFINE_REMOVE_FILE |
			  CONFINE_MAKE | CONFINE_REFER,
};

/*
 * Adds to RULESET, which handles HANDLED, what a session of POLICY may use: all entries
 * of the directories on the way to a guarded one, the session's roots, and the shared
 * paths that exist. 0 or -errno.
 */
int confine_rules(int ruleset, uint64_t handled, const struct policy *policy);

#endif
