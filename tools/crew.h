/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Crew: what others have left is looked at by children, each with the identity of the one
 * who left it, and each with a time of its own. So nobody's tree delays another's, and
 * root lends its rights to nobody.
 *
 * A child answers by records of a fixed size. Whoever it has become may have a hand in
 * what it says, though not by ptrace: its answers are hints, to be checked and shown.
 */
#ifndef PRIVTMP_CREW_H
#define PRIVTMP_CREW_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum crew_outcome {
	CREW_DONE,   /* it came to its end */
	CREW_CUT,    /* its time was over, or what it may say was said */
	CREW_FAILED, /* it could not begin, or died */
};

struct job;

/* In the child: does the work, and writes records by crew_say. */
typedef void job_work(struct job *job);

/* In the parent: takes a record, which has the job's size. */
typedef void job_take(struct job *job, const void *record);

struct job {
	/* Whom the child becomes; keep: it stays what it is. */
	uid_t uid;
	gid_t gid;
	bool keep;
	job_work *work;
	job_take *take;
	void *arg;
	size_t first, n; /* what of it: the job's own business */
	size_t size;	 /* of a record */
	size_t most;	 /* records */
	enum crew_outcome outcome;
	int error; /* errno of a failure; 0: it died */
	/* crew.c's own */
	pid_t pid;
	int fd;
	size_t have, taken;
	char *record;
	long end;
};

/* The group for what UID left in the group GID: the account's own, if there is one. */
gid_t crew_group(uid_t uid, gid_t gid);

/* Does the N JOBS, several at a time, with SECONDS for each and a multiple for all. */
void crew_run(struct job *jobs, size_t n, int seconds);

/* What crew_run calls from time to time while it waits; NULL: nothing. */
extern void (*crew_tick)(void);

/* In a child: writes a record. */
void crew_say(const struct job *job, const void *record);

/* Milliseconds of a clock that is never put back. */
long crew_now(void);

#endif
