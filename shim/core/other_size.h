/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The directories of libraries of both word sizes, as distributions have them: a library's
 * ends in the first of a row, and that of the other size in one of the rest. "$LIB" stands
 * for the first to one ld.so and for the other to the other ld.so.
 */
#ifndef PRIVTMP_OTHER_SIZE_H
#define PRIVTMP_OTHER_SIZE_H

#define MULTIARCH "/lib/x86_64-linux-gnu/"

static const char *const other_size[][3] = {
	{ MULTIARCH, "/lib/i386-linux-gnu/", "/lib32/" },
	{ "/lib/i386-linux-gnu/", MULTIARCH, "/lib64/" },
	{ "/lib64/", "/lib/", "/lib32/" },
	{ "/lib/", "/lib64/", "/lib32/" },
	{ "/lib32/", MULTIARCH, "/lib64/" },
};

enum { OTHER_SIZES = sizeof other_size / sizeof *other_size };

#endif
