/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* System calls that take a path, by their numbers on each machine. */
#ifndef PRIVTMP_BINARY_PATH_CALLS_H
#define PRIVTMP_BINARY_PATH_CALLS_H

/* Of these machines code is read. */
enum code_machine { CODE_X86_64, CODE_I386, CODE_ARM64, CODE_MACHINES };

enum {
	PATH_CALLS_MAX = 128,
	/* On all machines: what is asked for by io_uring, no library sees. */
	CALL_IO_URING_SETUP = 425,
	CALL_IO_URING_REGISTER = 427,
};

struct path_call {
	const char *name;
	short number[CODE_MACHINES]; /* -1: that machine does not have it */
};

/* A NULL name ends it. */
extern const struct path_call path_calls[];

/* The row of NUMBER on MACHINE, or -1. */
int path_call_find(enum code_machine machine, long number);

#endif
