/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The shim's files, and the environment that loads it. */
#ifndef PRIVTMP_PRELOAD_H
#define PRIVTMP_PRELOAD_H

#include <limits.h>

#include "program.h"
#include "options.h"

struct shim {
	char path[PATH_MAX];	/* the shim of our own word size */
	char other[PATH_MAX];	/* of the other word size; empty: none */
	char helper[PATH_MAX];	/* the helper's program */
	char door[PATH_MAX];	/* the program that is the mount door */
	char both[PATH_MAX];	/* the name of both, with $LIB; empty: none */
	struct program program; /* what .path is */
};

/* Finds the shim. 0, or -1 after a report. */
int shim_find(struct shim *out);

/* Makes SHIM the library that audits, beside the plain one. 0, or -1 having reported. */
int shim_for_audit(struct shim *shim);

/* Whether this process was started by a program that is audited. */
bool shim_is_audited(void);

/* Writes the path of NAME, a program that lies where the helper does, to OUT; or "". */
void shim_program(const struct shim *shim, const char *name, char out[PATH_MAX]);

/* Writes the path of this program to OUT. False after a report. */
bool tool_find(char out[PATH_MAX]);

/*
 * The shim in LD_PRELOAD for PROGRAM (NULL: any): of its word size, or of both where one
 * name can stand for them.
 */
const char *shim_name(const struct shim *shim, const struct program *program);

/*
 * The environment for a command: environ with the shim in LD_PRELOAD (SHIM NULL:
 * without), SESSION ("PRIVTMP_SESSION=..."), and the settings of the options. NULL: no
 * memory.
 */
char **shim_environment(const struct shim *shim, const struct program *program,
			const struct settings *settings, char *session);

/*
 * Replaces *ARGV, of a command that is a dynamic linker, by one with real paths where it
 * opens files itself. 0 or -errno.
 */
int shim_arguments(const struct shim *shim, const struct program *program, char ***argv);

#endif
