/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The workspaces of walks; see walk.h. */
#include "route/walk.h"
#include "core/sys.h"

#include <stddef.h>

/*
 * These workspaces serve most walks, of both paths of a call, without a system call. A walk
 * that finds them taken (by another thread, by the walk that a signal handler interrupts,
 * in a forked child) maps pages of its own. So nobody waits.
 */
static struct walk spaces[2];
static bool taken[2];

extern void AnnotateIgnoreReadsBegin(char *file, int line) __attribute__((weak));
extern void AnnotateIgnoreReadsEnd(char *file, int line) __attribute__((weak));
extern void AnnotateIgnoreWritesBegin(char *file, int line) __attribute__((weak));
extern void AnnotateIgnoreWritesEnd(char *file, int line) __attribute__((weak));

/*
 * With the thread sanitizer, its run-time sees what memcpy(3) writes here, but not that
 * the workspace was handed from one thread to another, and would report races. Ordering
 * the threads would hide the program's own races.
 */
static void ignore_accesses(bool ignore)
{
	if (!&AnnotateIgnoreReadsBegin)
		return;
	if (ignore) {
		AnnotateIgnoreReadsBegin(NULL, 0);
		AnnotateIgnoreWritesBegin(NULL, 0);
	} else {
		AnnotateIgnoreWritesEnd(NULL, 0);
		AnnotateIgnoreReadsEnd(NULL, 0);
	}
}

struct walk *walk_begin(int *error)
{
	struct walk *walk = spaces;

	if (__atomic_exchange_n(&taken[0], true, __ATOMIC_ACQUIRE))
		walk = __atomic_exchange_n(&taken[1], true, __ATOMIC_ACQUIRE) ?
			       sys_pages(sizeof *walk, error) :
			       spaces + 1;
	if (!walk)
		return NULL;
	ignore_accesses(true);
	walk->lexical = walk->barred = false;
	walk->held = walk->deep = -1;
	return walk;
}

void walk_end(struct walk *walk)
{
	if (walk->held >= 0)
		sys_close(walk->held);
	walk_forget_deep(walk);
	ignore_accesses(false);
	if (walk != spaces && walk != spaces + 1)
		sys_unmap(walk, sizeof *walk);
	else
		__atomic_store_n(&taken[walk - spaces], false, __ATOMIC_RELEASE);
}
