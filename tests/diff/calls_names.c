/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls that hand a path back. */
#define _GNU_SOURCE
#include "driver.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void c_getcwd(const struct args *a)
{
	char buffer[PATH_MAX + 64];
	memset(buffer, FILL, sizeof buffer);
	const char *p;
	RET_POINTER(p, getcwd(buffer, (size_t)N(0, PATH_MAX)));
	if (p)
		out_buffer(buffer, sizeof buffer, (long)strlen(p) + 1);
	else
		out_buffer(buffer, sizeof buffer, 0);
}

/* To a buffer that is no good. */
static void c_getcwd_to(const struct args *a)
{
	const char *p;
	RET_POINTER(p, getcwd(P(0), (size_t)N(1, PATH_MAX)));
}

static void c_getcwd_alloc(const struct args *a)
{
	char *p;
	RET_POINTER(p, getcwd(NULL, (size_t)N(0, 0)));
	out_text(p);
	free(p);
}

static void c_get_current_dir_name(const struct args *a)
{
	(void)a;
	char *p;
	RET_POINTER(p, get_current_dir_name());
	out_text(p);
	free(p);
}

static void c_realpath(const struct args *a)
{
	char buffer[PATH_MAX + 64];
	memset(buffer, FILL, sizeof buffer);
	const char *p;
	RET_POINTER(p, realpath(P(0), buffer));
	/* After a failure the buffer holds how far it got, on glibc, or is as it was. */
	buffer[sizeof buffer - 1] = '\0';
	out_text(buffer[0] == FILL ? "untouched" : buffer);
}

static void c_realpath_alloc(const struct args *a)
{
	char *p;
	RET_POINTER(p, realpath(P(0), NULL));
	out_text(p);
	free(p);
}

#ifdef __GLIBC__
static void c_canonicalize_file_name(const struct args *a)
{
	char *p;
	RET_POINTER(p, canonicalize_file_name(P(0)));
	out_text(p);
	free(p);
}
#endif

static void c_readlink(const struct args *a)
{
	char buffer[PATH_MAX + 64];
	memset(buffer, FILL, sizeof buffer);
	RET(readlink(P(0), buffer, (size_t)N(1, PATH_MAX)));
	out_buffer(buffer, sizeof buffer, last_result());
}

static void c_readlinkat(const struct args *a)
{
	char buffer[PATH_MAX + 64];
	memset(buffer, FILL, sizeof buffer);
	RET(readlinkat(FD(0), P(1), buffer, (size_t)N(2, PATH_MAX)));
	out_buffer(buffer, sizeof buffer, last_result());
}

const struct call calls_names[] = { CALL(getcwd),
				    CALL(getcwd_to),
				    CALL(getcwd_alloc),
				    CALL(get_current_dir_name),
				    CALL(realpath),
				    CALL(realpath_alloc),
				    CALL(readlink),
				    CALL(readlinkat),
#ifdef __GLIBC__
				    CALL(canonicalize_file_name),
#endif
				    END_OF_CALLS };
