/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a command is: whether a preloaded library can get into it. Read from
 * the file; the proof is in the running process (watch.h).
 */
#ifndef PRIVTMP_PROGRAM_H
#define PRIVTMP_PROGRAM_H

#include <limits.h>
#include <stdbool.h>

struct program {
	/* The file that is executed in the end: a script's interpreter. */
	char path[PATH_MAX];
	bool script;		/* the command itself is one */
	bool known;		/* an ELF file that could be read */
	bool is_static;		/* no dynamic linker is asked for */
	bool secure;		/* runs with other rights than ours: set-id, caps */
	unsigned char class;	/* ELFCLASS32 or ELFCLASS64 */
	unsigned char order;	/* ELFDATA2LSB or ELFDATA2MSB */
	unsigned short machine; /* EM_* */
};

/*
 * Looks at PATH, and on through the interpreter lines of scripts. 0, or the
 * errno with which executing it would fail.
 */
int program_inspect(const char *path, struct program *out);

#endif
