/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Holes. A build with --enable-holes leaves out the security rules that PRIVTMP_HOLE
 * names. A test can so show that the attack which a rule prevents succeeds without it.
 * No other build has this code, or the names.
 */
#ifndef PRIVTMP_HOLE_H
#define PRIVTMP_HOLE_H

#include <stdbool.h>

#ifdef PRIVTMP_HOLES
/* Whether the rule NAME is left out. Must be called once before main. */
bool hole_is(const char *name);
/* The variable, to be passed on to the helper; NULL where it is not set. */
char *hole_variable(void);
#define HOLE(name) hole_is(#name)
#else
#define HOLE(name) false
#define hole_variable() NULL
#endif

#endif
