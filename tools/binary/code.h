/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * System calls that a program makes itself, not by libc: found in its code. The code is
 * bytes that an enemy may have chosen: all work is linear in their number.
 */
#ifndef PRIVTMP_BINARY_CODE_H
#define PRIVTMP_BINARY_CODE_H

#include "path_calls.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Addresses of a function's first byte, and of what is behind its last. */
struct code_function {
	uint64_t begin, end;
};

/* A piece of code, and the functions that are known to be in it. */
struct code {
	enum code_machine machine;
	const uint8_t *bytes;
	size_t size;
	uint64_t address;		       /* of the first byte */
	const struct code_function *functions; /* in order; some may lie elsewhere */
	size_t n_functions;
	bool sparse; /* much of it is in none of them: what is between is code, too */
};

/* What was found in one piece or several. */
struct code_calls {
	unsigned long instructions;	     /* that call the kernel */
	uint64_t paths[PATH_CALLS_MAX / 64]; /* which rows of path_calls */
	bool io_uring;
	unsigned long computed; /* calls whose number the code does not show */
	uint64_t first; /* address of the first that has a path, or uses io_uring */
	uint64_t first_computed;
};

/* Adds to *OUT what is in CODE. */
void code_scan(const struct code *code, struct code_calls *out);

static inline bool code_has_paths(const struct code_calls *calls)
{
	for (int i = 0; i < PATH_CALLS_MAX / 64; i++)
		if (calls->paths[i])
			return true;
	return false;
}

static inline bool code_has(const struct code_calls *calls, int row)
{
	return calls->paths[row / 64] >> (row % 64) & 1;
}

#endif
