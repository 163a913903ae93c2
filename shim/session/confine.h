/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Confinement: the kernel enforces the redirection as well. A Landlock domain allows
 * everything outside of the guarded directories, and inside only the session's roots
 * and shared paths. What bypasses the shim cannot open, make, remove, rename or execute
 * anything else there. This needs no privilege, and cannot be undone.
 *
 * One domain per session:
 *
 * - All roots are made before the domain is entered. The processes that remove them
 *   (helper, launcher) stay outside: inside, nothing in the guarded directory itself
 *   can be removed.
 * - The maker of the session installs it: the shim before main, or the launcher in its
 *   child. Members inherit it over fork and exec. A process that joins from outside by
 *   name (privtmp enter) stays outside: from another domain it could not read the
 *   members' /proc, or trace them.
 * - After chroot(2) there is a new session, but no new domain: what was refused stays
 *   refused.
 * - It applies to a thread. Before main there mostly is one; else this is reported.
 */
#ifndef PRIVTMP_CONFINE_H
#define PRIVTMP_CONFINE_H

#include "policy/policy.h"

/* Why a session cannot be confined. */
struct obstacle {
	const char *about; /* a guarded directory, or the setting */
	const char *what;  /* NULL: it can */
	int error;
	const char *remedy;
	char room[POLICY_PATH]; /* for about */
};

/* Checks whether a session of POLICY can be confined here. */
void confine_ask(const struct policy *policy, struct obstacle *out);

/*
 * Whether "auto" means yes for POLICY: the domain breaks nothing that the program may
 * use, and the program could not leave it by other means.
 */
bool confine_suits(const struct policy *policy);

/*
 * Makes all backings of the session, which is LIVE, and confines this thread. 0 where
 * it is or was confined, else -errno.
 */
int confine_start(void);

#endif
