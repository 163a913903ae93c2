/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the shim that was built with this covers; see gen-covered.awk. */
#ifndef PRIVTMP_COVERED_H
#define PRIVTMP_COVERED_H

/* Functions that are wrapped, in order; NULL ends the list. */
extern const char *const covered_functions[];

/* The same, of all libcs that are known and not just of the one at hand. */
extern const char *const covered_anywhere[];

/* The newest glibc whose functions have all been looked at: "2.43". */
extern const char covered_newest_glibc[];

/* Functions that need nothing, and why; a NULL name ends the list. */
struct covered_reviewed {
	const char *name, *reason;
};

extern const struct covered_reviewed covered_reviewed[];

#endif
