/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Attacks: runs a command again, in a session of its own, with a file planted at a name that
 * the command uses, as another user could have planted it.
 */
#ifndef PRIVTMP_AUDIT_ATTACK_H
#define PRIVTMP_AUDIT_ATTACK_H

#include "judge.h"
#include "../launch.h"

/*
 * Between these two a signal that would end us ends the run of the command, or is passed on to
 * it, and then waits: until attack_let_signals, which is to be called when nothing is left to
 * remove. attack_ended: whether one has come.
 */
void attack_hold_signals(void);
void attack_let_signals(void);
bool attack_ended(void);

/*
 * Runs ARGV in a session with a trace, and with the plant that WORD ("link:/tmp/x") names
 * (NULL: none). Returns its exit status, or -1 if it was killed after TIMEOUT seconds (0:
 * no limit). QUIET: without standard streams.
 */
int attack_run(const struct options *options, char **argv, const struct trace_file *trace,
	       const char *word, unsigned timeout, bool quiet);

/* Attacks all names that the report's command used. NORMAL is its normal exit status. */
void attack_all(struct verdicts *verdicts, const struct options *options, char **argv,
		int normal);

/* Whether WORD names an attack. False after a report. */
bool attack_is_word(const char *word);

/* Carries out the attack that WORD names, unless a signal has come. */
void attack_one(struct verdicts *verdicts, const struct options *options, char **argv,
		const char *word, int normal);

#endif
