/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* privtmp doctor: what it looks at, and how it tells what it has found. */
#ifndef PRIVTMP_DOCTOR_H
#define PRIVTMP_DOCTOR_H

#include "options.h"
#include "preload.h"

enum ailment {
	DOCTOR_FINE,	/* said with --verbose only */
	DOCTOR_WARNING, /* may be meant so */
	DOCTOR_PROBLEM, /* something that was asked for is not in effect */
};

/* Tells of one thing: AREA is one of the words that the manual has; REMEDY may be NULL. */
void doctor_say(enum ailment ailment, const char *area, const char *about,
		const char *what, const char *remedy);

/* SHIM is what was found; its path is empty where there is none. */
void doctor_libraries(const struct shim *shim);
/* Whether that names the shim. */
bool doctor_preload_file(const struct shim *shim);
/* Whether it says for all programs what the shim does. */
bool doctor_configuration(const struct options *options);
void doctor_units(const struct options *options);
/* Looks for wrapped programs in the usual directories and in DIRS. */
void doctor_wraps(int n, char **dirs);

/* A dynamic linker that is installed, and can start programs. */
struct linker {
	char path[256];
	unsigned char class; /* ELFCLASS32 or ELFCLASS64 */
	bool musl;
	bool own; /* programs like this one's are its */
};

enum { LINKERS = 8 };

/* Finds them; returns how many. */
size_t linkers_find(const struct shim *shim, struct linker out[LINKERS]);

/* "64-bit programs", "32-bit programs of musl's" */
const char *linker_programs(const struct linker *linker);

/*
 * Whether LINKER loads what WORD names in LD_PRELOAD (NULL: what PRELOAD_FILE names), as
 * it says itself. The library that it found goes to OUT (PATH_MAX bytes) where it told.
 */
bool linker_loads(const struct linker *linker, const char *word, char *out);

#endif
