/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Holes; see hole.h. For builds with --enable-holes alone. */
#define _GNU_SOURCE
#ifndef PRIVTMP_HOLES /* looked at by a linter */
#define PRIVTMP_HOLES
#endif
#include "core/hole.h"
#include "core/initial_stack.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

#define VARIABLE "PRIVTMP_HOLE="

/* The environment as the kernel wrote it: libc may not know it yet. */
static char **environment(void)
{
	char **initial = initial_environment();

	return initial ? initial : environ;
}

char *hole_variable(void)
{
	static char *found;
	static bool looked;

	if (!looked)
		for (char **at = environment(); at && *at; at++)
			if (!strncmp(*at, VARIABLE, sizeof VARIABLE - 1))
				found = *at;
	looked = true;
	return found;
}

bool hole_is(const char *name)
{
	const char *at = hole_variable();
	size_t n = strlen(name);

	if (!at)
		return false;
	/* Names, separated by commas. */
	for (at += sizeof VARIABLE - 1; *at; at += *at == ',') {
		size_t len = strcspn(at, ",");

		if (len == n && !memcmp(at, name, n))
			return true;
		at += len;
	}
	return false;
}
