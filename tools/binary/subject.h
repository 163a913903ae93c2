/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The results of "privtmp check" for one file. */
#ifndef PRIVTMP_BINARY_SUBJECT_H
#define PRIVTMP_BINARY_SUBJECT_H

#include "audit/finding.h"
#include "libraries.h"
#include "object.h"
#include "reach.h"
#include "texts.h"

enum subject_kind { SUBJECT_PROGRAM, SUBJECT_LIBRARY, SUBJECT_SCRIPT };
enum libc { LIBC_NONE, LIBC_GLIBC, LIBC_MUSL, LIBC_OTHER };

/* What the file's mode and attributes give who runs it. */
struct rights {
	bool set_user, set_group, capabilities;
	bool ignored; /* a file system that is mounted nosuid */
	uid_t user;
	gid_t group;
};

/* Functions that a program and its libraries take from libc, and what comes of it. */
struct functions {
	struct texts covered; /* functions with a path that the shim wraps */
	struct texts newer;   /* of a libc that is newer than this privtmp */
	bool dlopen, deepbind, dlmopen, syscall, io_uring;
};

struct subject {
	char *path;
	enum subject_kind kind;
	struct rights rights;
	struct object *object; /* NULL: a script */
	struct libraries libraries;
	enum libc libc;
	const char *libc_version; /* NULL: not known */
	struct functions functions;
	char *interpreter;		      /* a script's; NULL: none known */
	const struct subject *interpreted_by; /* what was found out about that */
	struct finding *findings;
	size_t n_findings;
	struct texts owned; /* the findings' texts */
	enum reach reach;
	enum door door;
	struct texts reasons; /* none: it is covered */
};

/* What became of a file. */
enum subject_outcome {
	SUBJECT_READ,
	SUBJECT_NONE,  /* neither a program, a library nor a script */
	SUBJECT_WRONG, /* it could not be read */
};

/* Why not: a text and an errno, or 0. */
struct wrong {
	const char *what;
	int error;
};

/*
 * Looks at PATH, with SHIM in mind, and puts what is found into *OUT, which is the
 * caller's to free. DEEP: at what is written in it, too, not only at how it is served.
 */
enum subject_outcome subject_read(const struct shim *shim, const char *path, bool deep,
				  struct subject **out, struct wrong *wrong);
void subject_free(struct subject *subject);

/* -- For the parts of it -- */

/* Appends a finding of RULE, all of whose texts are to be among SUBJECT's. NULL: no memory. */
struct finding *subject_find(struct subject *subject, enum rule_id rule);

/* Fills in .functions, by .object and .libraries, and finds unsafe functions. */
void subject_read_functions(struct subject *subject);

/* Fills in .reach, .door and .reasons. */
void subject_judge(struct subject *subject, const struct shim *shim);

/*
 * Looks at a script, LEN bytes of TEXT: SUBJECT_NONE if it is none. Its interpreter is
 * looked at with SHIM in mind.
 */
enum subject_outcome subject_read_script(struct subject *subject, const struct shim *shim,
					 const char *text, size_t len, bool deep);

#endif
