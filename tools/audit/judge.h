/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From what happened to what is wrong with it. */
#ifndef PRIVTMP_AUDIT_JUDGE_H
#define PRIVTMP_AUDIT_JUDGE_H

#include "events.h"
#include "finding.h"

/* The findings of one report, as they come. */
struct verdicts {
	struct history *history;
	struct report *report;
	size_t room;	   /* of the findings */
	size_t event_room; /* of the file events */
	bool failed;	   /* there was no memory */
	bool over;	   /* so is the session in which it ran */
};

/* What is known of a name. */
struct life {
	const char *path;
	const struct event *made; /* by this run; NULL: it was not */
	bool exclusive;		  /* so that it was nobody's before, and is ours since */
	bool api;		  /* libc has drawn the name */
	bool gone;		  /* removed again */
	bool link;		  /* what was made is a link */
	const struct event *look; /* the last one; NULL: none since it is ours */
	const struct event *exists; /* mkdir said EEXIST, and nobody has looked */
	const char *weakness;	    /* of the name; see names.h */
	bool judged;		    /* whether .weakness is known */
	bool asked;		    /* by who started the command */
	bool target;		    /* it will be the same in another run */
	struct life *next;
};

/* Judges everything. False: there is no memory. */
bool judge(struct verdicts *verdicts);

/* The life of PATH, made if there is none; NULL: there is no memory. */
struct life *life_of(const char *path);
/* The life of the directory that PATH is in, where there is one. */
struct life *life_of_parent(const char *path);
/* Why the name of LIFE, which E makes or uses, can be known beforehand, or NULL. */
const char *weakness_of(struct verdicts *v, const struct event *e, struct life *life);
/* Calls VISIT for each. */
void lives_each(void (*visit)(struct life *life, void *data), void *data);

/* Adds a finding about EVENT. MESSAGE and what follows as for printf. */
struct finding *verdict(struct verdicts *v, enum rule_id rule, enum severity severity,
			const struct event *event, const char *path, const char *format,
			...) __attribute__((format(printf, 6, 7)));

/* Notes what has become of a file, for the timeline. */
void timeline(struct verdicts *v, const char *path, const char *what,
	      const struct event *event);

/* What EVENT was, as a line of C. */
char *event_arguments(const struct event *event);
/* open(2)'s flags of it, whichever call it was; 0: it opens nothing. */
unsigned event_flags(const struct event *event);
/* Whether it makes what was not there. */
bool event_creates(const struct event *event);
/* Whether it fails where there is something already. */
bool event_is_exclusive(const struct event *event);
/* Whether it goes where a link at the end of the path leads. */
bool event_follows(const struct event *event);

/* Whether it opens what is there as is right: no link, and then a look at it. */
bool event_looks_after(const struct history *history, const struct event *event);

/*
 * What is left at the end; to be called when the command has ended. Where its session has,
 * too, all that it has not removed is said to be left.
 */
void judge_leftovers(struct verdicts *v);
/* Where the view's PATH really is. False: it is too long. */
bool left_real_path(const char *path, char real[PATH_MAX]);
/* Programs that were executed and not seen. */
void judge_unseen(struct verdicts *v);
/* Checks, and uses of what was checked. */
void judge_race(struct verdicts *v, const struct event *event, struct life *life);

#endif
