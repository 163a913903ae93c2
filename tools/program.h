/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether a preloaded library can get into a command. Judged by the file; the proof is
 * in the running process (watch.h).
 */
#ifndef PRIVTMP_PROGRAM_H
#define PRIVTMP_PROGRAM_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct program {
	/* The file that is executed in the end: for a script, its interpreter. */
	char path[PATH_MAX];
	bool script;		/* the command itself is one */
	bool known;		/* an ELF file that could be read */
	bool is_static;		/* names no dynamic linker */
	bool is_linker;		/* is a dynamic linker itself */
	bool secure;		/* runs with other rights: set-id, capabilities */
	bool musl;		/* its dynamic linker is musl's */
	bool go;		/* linked by Go: it makes system calls itself */
	unsigned char class;	/* ELFCLASS32 or ELFCLASS64 */
	unsigned char order;	/* ELFDATA2LSB or ELFDATA2MSB */
	unsigned short machine; /* EM_* */
};

/*
 * Inspects PATH, and the interpreters of scripts. 0, or the errno that executing it
 * would give.
 */
int program_inspect(const char *path, struct program *out);

/* The same of a library, by no more than what kind of machine it is for. */
int program_look(const char *path, struct program *out);

/*
 * Calls USE with the bytes of the segments of PROGRAM's file that can be executed, in parts
 * that have PROGRAM_OVERLAP bytes of the one before, as long as they are at most LIMIT
 * bytes altogether; false: they are more, or cannot be read.
 */
enum { PROGRAM_OVERLAP = 256 }; /* more than what is looked back from a system call */
typedef void program_code(const unsigned char *bytes, size_t size, void *data);
bool program_read_code(const struct program *program, size_t limit, program_code *use,
		       void *data);

#endif
