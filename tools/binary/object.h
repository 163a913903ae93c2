/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A program or library as its file has it. Nothing in it is run, and nothing in it is
 * believed: an enemy may have written it. libelf reads it; what is read is bounded by the
 * file's size and by the limits in object.c.
 */
#ifndef PRIVTMP_BINARY_OBJECT_H
#define PRIVTMP_BINARY_OBJECT_H

#include "code.h"
#include "texts.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A function that is taken from a library. */
struct import {
	char *name;
	char *version; /* "GLIBC_2.34", or NULL */
};

/* A path in a shared directory that is written in the file. */
struct built_in {
	char *path;
	uint64_t address;
};

enum object_kind { OBJECT_PROGRAM, OBJECT_LIBRARY, OBJECT_OTHER };

struct object {
	char *path;
	dev_t device;
	ino_t inode;
	enum object_kind kind;
	unsigned char class;	/* ELFCLASS32 or ELFCLASS64 */
	unsigned char order;	/* ELFDATA2LSB or ELFDATA2MSB */
	unsigned short machine; /* EM_* */
	bool dynamic;		/* it asks for a dynamic linker */
	bool go;		/* made by Go's linker */
	bool deepbind; /* x86-64 code that calls dlopen with RTLD_DEEPBIND was found */
	char *interpreter, *soname, *rpath, *runpath; /* NULL: none */
	char *build_id;				      /* hexadecimal; NULL: none */
	char *glibc; /* the newest version of glibc that it has or wants: "2.36" */
	struct texts needed; /* names of libraries, as they are written */
	struct import *imports;
	size_t n_imports;
	bool code_read; /* .calls says all; code of some machines is not read */
	struct code_calls calls;
	struct built_in *built_ins; /* each path once */
	size_t n_built_ins;
	bool more_built_ins; /* than there was room for */
};

/* What is to be read beyond the headers and what the dynamic linker reads. */
enum { OBJECT_CODE = 1, OBJECT_TEXTS = 2 };

/* What is said of what is neither a program nor a library: a core, an object, debug files. */
extern const char object_neither[];

/*
 * Reads the ELF file that is open as FD, and closes it. NULL: *WRONG says why, or is NULL, if
 * there is no memory. PATH is for what is said of it.
 */
struct object *object_read(int fd, const char *path, unsigned what, const char **wrong);

void object_free(struct object *object);

/* Whether both are for the same machine. */
bool object_alike(const struct object *a, const struct object *b);

/* What EM_* is called: "x86-64". */
const char *object_machine(const struct object *object);

/* Whether it takes the function NAME from a library. */
bool object_imports(const struct object *object, const char *name);

#endif
