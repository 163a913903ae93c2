/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a report goes. */
#ifndef PRIVTMP_AUDIT_OUTPUT_H
#define PRIVTMP_AUDIT_OUTPUT_H

#include <stdio.h>

/*
 * Opens PATH as fopen(3) does for "w", but nothing that another user has put on the way, in
 * a shared directory or in one of theirs: no link of theirs, no FIFO, no second name of a
 * file. NULL with errno set on failure.
 */
FILE *output_open(const char *path);

#endif
