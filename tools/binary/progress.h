/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shows the progress of a long command on the terminal of its standard error. */
#ifndef PRIVTMP_BINARY_PROGRESS_H
#define PRIVTMP_BINARY_PROGRESS_H

#include <stddef.h>

/* DONE of TOTAL, at NAME now. Nothing where there is no terminal, or not long ago. */
void progress_show(size_t done, size_t total, const char *name);

/* Erases it, before anything else is written. */
void progress_clear(void);

#endif
