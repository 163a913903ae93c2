/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Attacks: what another user could put at a name that a command is about to use is put
 * there, in a session of its own, and the command is run once more.
 */
#ifndef PRIVTMP_AUDIT_ATTACK_H
#define PRIVTMP_AUDIT_ATTACK_H

#include "judge.h"
#include "../launch.h"

/*
 * Runs ARGV in a session with a trace, and what WORD ("link:/tmp/x") plants; NULL: nothing.
 * Returns its exit status, or -1 after TIMEOUT seconds (0: no limit), when all of it has
 * been ended. QUIET: without standard streams.
 */
int attack_run(const struct options *options, char **argv, const struct trace_file *trace,
	       const char *word, unsigned timeout, bool quiet);

/* Attacks all names that the report's command used; NORMAL is what it has ended with. */
void attack_all(struct verdicts *verdicts, const struct options *options, char **argv,
		int normal);

/* Carries out what WORD says; false, having reported, where it says nothing. */
bool attack_one(struct verdicts *verdicts, const struct options *options, char **argv,
		const char *word, int normal);

#endif
