/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Signals of the calling thread, as the kernel counts them: libc's sets leave out those that
 * it uses itself, and its functions for them can be the program's own (core/libc.h).
 */
#ifndef PRIVTMP_SIGNALS_H
#define PRIVTMP_SIGNALS_H

#include "core/sys.h"

#include <signal.h>
#include <sys/syscall.h>

struct signals {
	unsigned long word[_NSIG / 8 / sizeof(long)];
};

/* The set of ONE and OTHER, which may be the same. */
static inline struct signals signals_of(int one, int other)
{
	enum { BITS = 8 * sizeof(long) };
	struct signals set = { { 0 } };

	set.word[(one - 1) / BITS] |= 1UL << ((one - 1) % BITS);
	set.word[(other - 1) / BITS] |= 1UL << ((other - 1) % BITS);
	return set;
}

/* Blocks those of SET, and writes what was blocked to BEFORE. */
static inline void signals_block(const struct signals *set, struct signals *before)
{
	SYS4(SYS_rt_sigprocmask, SIG_BLOCK, set, before, sizeof *set);
}

static inline void signals_block_all(struct signals *before)
{
	struct signals all;

	__builtin_memset(&all, 0xff, sizeof all);
	signals_block(&all, before);
}

static inline void signals_restore(const struct signals *before)
{
	SYS4(SYS_rt_sigprocmask, SIG_SETMASK, before, NULL, sizeof *before);
}

/*
 * Removes a pending signal, which has to be blocked. For SIGXFSZ: a file size limit of
 * the program must not kill it because of the shim.
 */
static inline void signals_drop(int number)
{
	const struct signals set = signals_of(number, number);
	const long now[] = { 0, 0 };

	SYS4(SYS_rt_sigtimedwait, &set, NULL, now, sizeof set);
}

#endif
