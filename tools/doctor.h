/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* privtmp doctor: its tests, and how they report. */
#ifndef PRIVTMP_DOCTOR_H
#define PRIVTMP_DOCTOR_H

#include "options.h"
#include "preload.h"

enum ailment {
	DOCTOR_FINE,	/* shown with --verbose only */
	DOCTOR_WARNING, /* may be intended */
	DOCTOR_PROBLEM, /* something that was set up is not in effect */
};

/* Reports one thing. AREA is one of the manual's words; REMEDY can be NULL. */
void doctor_say(enum ailment ailment, const char *area, const char *about,
		const char *what, const char *remedy);

/* SHIM is the shim that was found; its path is empty if there is none. */
void doctor_libraries(const struct shim *shim);
/* Whether that names the shim. */
bool doctor_preload_file(const struct shim *shim);
/* Whether it says for all programs what the shim does. */
bool doctor_configuration(const struct options *options);
void doctor_units(const struct options *options, const struct shim *shim);
/* Looks for wrapped programs in the usual directories and in DIRS. */
void doctor_wraps(int n, char **dirs);

/* A dynamic linker that is installed, and can start programs. */
struct linker {
	char path[256];
	unsigned char class; /* ELFCLASS32 or ELFCLASS64 */
	bool musl;
	bool own; /* it is the linker of programs like this one */
};

enum { LINKERS = 8 };

/* Finds all linkers; returns their number. */
size_t linkers_find(const struct shim *shim, struct linker out[LINKERS]);

/* "64-bit programs", "32-bit programs that use musl" */
const char *linker_programs(const struct linker *linker);

/*
 * Asks LINKER whether it loads the library that WORD names in LD_PRELOAD (NULL: the one
 * that PRELOAD_FILE names). OUT (PATH_MAX bytes) gets the library's path, if the linker
 * shows it.
 */
bool linker_loads(const struct linker *linker, const char *word, char *out);

#endif
