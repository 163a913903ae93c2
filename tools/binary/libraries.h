/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The libraries that a dynamic linker would load with a program, and where it finds them. */
#ifndef PRIVTMP_BINARY_LIBRARIES_H
#define PRIVTMP_BINARY_LIBRARIES_H

#include "object.h"

struct libraries {
	const struct object **object; /* without the program itself */
	size_t n;
	struct texts missing; /* names that lead to no file */
};

/*
 * Finds the libraries of PROGRAM, and reads each the first time that any program has it.
 * libraries_free lets go of the lists; the libraries stay.
 */
void libraries_find(const struct object *program, struct libraries *out);
void libraries_free(struct libraries *libraries);

/* Whether it is one of libc's own parts, whose system calls are behind libc's functions. */
bool library_is_libc(const struct object *object);

#endif
