/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Holes: a build with --enable-holes leaves out the rules that PRIVTMP_HOLE names, so
 * that a test can show that the attack which a rule is against would succeed without
 * it. In all other builds there is no such thing, nor the names.
 */
#ifndef PRIVTMP_HOLE_H
#define PRIVTMP_HOLE_H

#include <stdbool.h>

#ifdef PRIVTMP_HOLES
/* Whether the rule NAME is left out; to be asked once before main, at the least. */
bool hole_is(const char *name);
/* The variable, for the helper's environment; NULL where there is none. */
char *hole_variable(void);
#define HOLE(name) hole_is(#name)
#else
#define HOLE(name) false
#define hole_variable() NULL
#endif

#endif
