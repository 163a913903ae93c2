/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls of dlopen with RTLD_DEEPBIND, where the flags are a number in the code. */
#ifndef PRIVTMP_BINARY_DEEP_H
#define PRIVTMP_BINARY_DEEP_H

#include "code.h"

enum { DEEP_STUBS = 16 };

/* Where x86-64 code calls dlopen by. */
struct deep {
	uint64_t slot[2]; /* addresses of the pointers that the dynamic linker fills in */
	size_t n_slots;
	uint64_t stub[DEEP_STUBS]; /* addresses of code that jumps there */
	size_t n_stubs;
};

/* Adds to DEEP the stubs that are in CODE; all of it before deep_calls is asked. */
void deep_find_stubs(const struct code *code, struct deep *deep);

/* Whether CODE calls dlopen with RTLD_DEEPBIND among its flags. */
bool deep_calls(const struct code *code, const struct deep *deep);

#endif
