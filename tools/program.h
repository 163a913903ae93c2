/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a command is: whether a preloaded library can get into it. Read from
 * the file; the proof is in the running process (watch.h).
 */
#ifndef PRIVTMP_PROGRAM_H
#define PRIVTMP_PROGRAM_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct program {
	/* The file that is executed in the end: a script's interpreter. */
	char path[PATH_MAX];
	bool script;		/* the command itself is one */
	bool known;		/* an ELF file that could be read */
	bool is_static;		/* no dynamic linker is asked for */
	bool is_linker;		/* nor for this one: it is a dynamic linker itself */
	bool secure;		/* runs with other rights than ours: set-id, caps */
	bool musl;		/* its dynamic linker is musl's */
	bool go;		/* made by Go's linker: it calls the kernel itself */
	unsigned char class;	/* ELFCLASS32 or ELFCLASS64 */
	unsigned char order;	/* ELFDATA2LSB or ELFDATA2MSB */
	unsigned short machine; /* EM_* */
};

/*
 * Looks at PATH, and on through the interpreter lines of scripts. 0, or the
 * errno with which executing it would fail.
 */
int program_inspect(const char *path, struct program *out);

/*
 * Calls USE with the bytes of the segments of PROGRAM's file that can be executed, as long
 * as they are at most LIMIT bytes altogether; false: they are more, or cannot be read.
 */
typedef void program_code(const unsigned char *bytes, size_t size, void *data);
bool program_read_code(const struct program *program, size_t limit, program_code *use,
		       void *data);

#endif
