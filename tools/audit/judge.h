/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes findings from events. */
#ifndef PRIVTMP_AUDIT_JUDGE_H
#define PRIVTMP_AUDIT_JUDGE_H

#include "events.h"
#include "finding.h"

/* The findings of one report, while they are made. */
struct verdicts {
	struct history *history;
	struct report *report;
	size_t room;	   /* of the findings */
	size_t event_room; /* of the file events */
	bool failed;	   /* out of memory */
	bool over;	   /* the command's session has ended, too */
};

/* What is known of a name. */
struct life {
	const char *path;
	const struct event *made;   /* the event that made it; NULL: this run did not */
	bool exclusive;		    /* it did not exist before, and is ours since */
	bool api;		    /* libc chose the name at random */
	bool gone;		    /* it was removed */
	bool link;		    /* it is a link */
	const struct event *look;   /* the last look; NULL: none since it is ours */
	const struct event *exists; /* mkdir failed with EEXIST, and no look followed */
	const char *weakness;	    /* of the name; see names.h */
	bool judged;		    /* whether .weakness is known */
	bool asked;		    /* the user named it */
	bool target;		    /* the name will be the same in another run */
	struct life *next;
};

/* Whether the file is certainly ours: this run made it, and it did not exist before. */
static inline bool life_is_ours(const struct life *life)
{
	return life->made && life->exclusive && !life->gone;
}

/* Judges everything. False: there is no memory. */
bool judge(struct verdicts *verdicts);

/* The life of PATH, which is made if it is missing; NULL: out of memory. */
struct life *life_of(const char *path);
/* The life of PATH's directory, or NULL. */
struct life *life_of_parent(const char *path);
/* Why others can know the name of LIFE, which E makes or uses, beforehand; or NULL. */
const char *weakness_of(struct verdicts *v, const struct event *e, struct life *life);
/* Calls VISIT for each. */
void lives_each(void (*visit)(struct life *life, void *data), void *data);

/* Adds a finding about EVENT. MESSAGE and what follows as for printf. */
struct finding *verdict(struct verdicts *v, enum rule_id rule, enum severity severity,
			const struct event *event, const char *path, const char *format,
			...) __attribute__((format(printf, 6, 7)));

/* Records an event of a file for the timeline. */
void timeline(struct verdicts *v, const char *path, const char *what,
	      const struct event *event);

/* EVENT's call as a line of C. */
char *event_arguments(const struct event *event);
/* The event's flags as for open(2), for any call; 0: it opens nothing. */
unsigned event_flags(const struct event *event);
/* Whether the event makes a missing file. */
bool event_creates(const struct event *event);
/* Whether the event fails if the file exists. */
bool event_is_exclusive(const struct event *event);
/* Whether the event follows a link at the end of the path. */
bool event_follows(const struct event *event);

/*
 * Whether the event opens an existing file safely: without following a link, with a check
 * afterwards.
 */
bool event_looks_after(const struct history *history, const struct event *event);

/*
 * Finds leftovers. Call when the command has ended. If its session has ended, too, all that
 * the command has not removed counts as left.
 */
void judge_leftovers(struct verdicts *v);
/* The real path of the view's PATH. False: it is too long. */
bool left_real_path(const char *path, char real[PATH_MAX]);
/* Finds programs that were executed and not audited. */
void judge_unseen(struct verdicts *v);
/* Finds checks, and uses of what was checked. */
void judge_race(struct verdicts *v, const struct event *event, struct life *life);

#endif
