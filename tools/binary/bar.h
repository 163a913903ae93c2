/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A bar that shows how far a long command is, on the terminal of its standard error. */
#ifndef PRIVTMP_BINARY_BAR_H
#define PRIVTMP_BINARY_BAR_H

#include <stddef.h>

/*
 * Shows that DONE of TOTAL are done, and that NAME is next. Does nothing where there is no
 * terminal, or a moment after the last time.
 */
void bar_show(size_t done, size_t total, const char *name);

/* Erases it, before anything else is written. */
void bar_clear(void);

#endif
