/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Confined: the kernel is told, too. A Landlock domain allows everything but what is
 * guarded, and there the session's own roots and what is shared: what gets past the shim
 * can then neither open, make, remove, rename nor execute anything in the shared
 * directories. No privilege is needed for it, and nothing gives it back.
 *
 * One domain a session, and one session a domain:
 *
 * - All roots are made before, and who removes them (helper, launcher) stays outside:
 *   inside, nothing in the guarded directory itself can be removed.
 * - It is installed by who makes the session: before main, or by the launcher in its
 *   child. Members inherit it over fork and exec. Who joins from outside by name (privtmp
 *   enter) stays outside: in a domain of its own, beside the first one, it could not look
 *   at the others' /proc, nor trace them.
 * - After chroot(2) a new session is made, but no new domain: what was refused stays so.
 * - It is each thread's own. Before main there is one, as a rule; else a line says so.
 */
#ifndef PRIVTMP_CONFINE_H
#define PRIVTMP_CONFINE_H

#include "policy/policy.h"

/* Why there can be no domain. */
struct obstacle {
	const char *about; /* a guarded directory, or the setting */
	const char *what;  /* NULL: there can be one */
	int error;
	const char *remedy;
	char room[POLICY_PATH]; /* for about */
};

/* Looks whether a session of POLICY can be confined here. */
void confine_ask(const struct policy *policy, struct obstacle *out);

/*
 * What "auto" comes to for POLICY: whether nothing that the program may want is broken,
 * and it could not get out of the domain's way by other means.
 */
bool confine_suits(const struct policy *policy);

/*
 * Makes all backings of the session, which is live, and confines this thread. 0 where
 * it is confined, or has been before; else -errno.
 */
int confine_start(void);

#endif
