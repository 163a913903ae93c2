/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Crew: children that inspect what other users have left. Each has the identity of the
 * owner and a time limit of its own. So one user's tree does not delay another's, and
 * root does not act on others' files with its own rights.
 *
 * A child answers with records of a fixed size. Its user may influence what it says,
 * though not by ptrace: the answers are hints, to be checked and shown.
 */
#ifndef PRIVTMP_CREW_H
#define PRIVTMP_CREW_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum crew_outcome {
	CREW_DONE,   /* it finished */
	CREW_CUT,    /* its time, or its number of records, was over */
	CREW_FAILED, /* it could not start, or died */
};

struct job;

/* Runs in the child: does the work, and writes records by crew_say. */
typedef void job_work(struct job *job);

/* Runs in the parent: handles a record of the job's size. */
typedef void job_take(struct job *job, const void *record);

struct job {
	/* The identity of the child; keep: the caller's. */
	uid_t uid;
	gid_t gid;
	bool keep;
	job_work *work;
	job_take *take;
	void *arg;
	size_t first, n; /* which part of it; for the job's use */
	size_t size;	 /* of a record */
	size_t most;	 /* records */
	enum crew_outcome outcome;
	int error; /* errno of a failure, or 0: it died */
	/* private to crew.c */
	pid_t pid;
	int fd;
	size_t have, taken;
	char *record;
	long end;
};

/* The group for files of UID in the group GID: the account's own, if it has one. */
gid_t crew_group(uid_t uid, gid_t gid);

/* Runs the N JOBS, several at a time, with SECONDS for each, and a multiple for all. */
void crew_run(struct job *jobs, size_t n, int seconds);

/* Called by crew_run from time to time while it waits; NULL: nothing. */
extern void (*crew_tick)(void);

/* Writes a record; in a child. */
void crew_say(const struct job *job, const void *record);

/* Ends the child, which could not do its work for ERROR, an errno. */
_Noreturn void crew_fail(int error);

/* Milliseconds of a monotonic clock. */
long crew_now(void);

#endif
