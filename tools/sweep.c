/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * privtmp sweep: removes sessions without members.
 *
 * A child with the identity of the owner, and a time limit of its own (crew.h),
 * inspects and removes each user's roots. Locks decide: a helper holds one on the root,
 * a member one on the lease. What a lease names is removed only if it says itself that
 * it belongs to that session.
 */
#include "audit/place.h"
#include "session/remove.h"
#include "core/report.h"
#include "progress.h"
#include "core/sys.h"
#include "session/lease_lock.h"
#include "session/reap.h"
#include "session/session.h"
#include "session/trust.h"
#include "sessions.h"
#include "show.h"
#include "remedy.h"
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* The fate of a root. */
enum fate {
	FATE_REMOVED,
	FATE_WOULD,   /* would be removed without --dry-run */
	FATE_LEFT,    /* could not be removed: .error and .remains */
	FATE_HELD,    /* has living members, or may have */
	FATE_WATCHED, /* its helper lives */
	FATE_YOUNG,
	FATE_KEPT,
	FATE_STRANGE, /* is no root */
	FATE_OTHERS,  /* another user's, which is not looked at */
	FATES,
};

/* A record of a child. */
struct verdict {
	char root[POLICY_ROOT_MAX + 1];
	enum fate fate;
	int error;
	struct remains remains;
	struct file_id lease, mapped; /* of a held one */
};

struct sweep {
	const struct options *options;
	struct roots roots;
	bool failed;
	size_t n;
	struct verdict *held; /* reported at the end, with its holders */
};

/* -- In the child -- */

struct sweeper {
	struct job *job;
	const struct options *options;
	struct lease *lease;
	bool parts; /* second pass: further roots whose session is gone */
};

static void say(const struct sweeper *s, const char *root, enum fate fate)
{
	struct verdict v;

	memset(&v, 0, sizeof v);
	strcpy(v.root, root);
	v.fate = fate;
	crew_say(s->job, &v);
}

static void say_removal(const struct sweeper *s, const char *root, int ret,
			const struct remains *remains)
{
	struct verdict v;

	memset(&v, 0, sizeof v);
	strcpy(v.root, root);
	v.fate = ret < 0 ? FATE_LEFT : FATE_REMOVED;
	v.error = -ret;
	v.remains = *remains;
	crew_say(s->job, &v);
}

/* Reports a root that is left because of others, who hold LEASE. */
static void say_held(const struct sweeper *s, const char *root, enum fate fate, int lease)
{
	struct statx st;
	struct verdict v;

	memset(&v, 0, sizeof v);
	strcpy(v.root, root);
	v.fate = fate;
	if (sys_statx(lease, "", AT_EMPTY_PATH, &st) == 0)
		v.lease = file_id_of(&st);
	v.mapped = members_map_id(lease);
	crew_say(s->job, &v);
}

/* Removes the root FD, which has no members. */
static void remove_it(const struct sweeper *s, const char *root, int fd)
{
	struct remains remains = { 0, 0, "" };

	if (s->options->dry_run)
		say(s, root, FATE_WOULD);
	else
		say_removal(s, root, remove_root(fd, root, &remains), &remains);
}

/* Whether another process has locked the root FD. */
static bool is_locked(int fd)
{
	return sys_flock(fd, LOCK_EX | LOCK_NB) == -EWOULDBLOCK;
}

/*
 * Ends the session of the lease FD, which was read and names this root. 0 where it is,
 * or would be, gone; -EWOULDBLOCK while members live; -ECANCELED where it is kept; or
 * -errno.
 */
static int end_session(const struct sweeper *s, int rootfd, int fd,
		       struct remains *remains)
{
	const struct lease *lease = s->lease;
	int ret;

	if (!s->options->dry_run &&
	    !(s->options->all && lease_kept(&lease->policy, rootfd)))
		return session_reap(rootfd, fd, false, NULL, remains);
	ret = lease_own(fd, false);
	if (ret == 0 && session_is_behind(rootfd, lease))
		ret = -EWOULDBLOCK;
	if (ret < 0)
		return ret;
	if (!s->options->all && lease_kept(&lease->policy, rootfd))
		return -ECANCELED;
	return s->options->dry_run ? 0 : remove_session(lease, rootfd, remains);
}

static bool is_believed(int fd, const char *root, struct lease *lease)
{
	struct statx st;

	return sys_statx(fd, "", AT_EMPTY_PATH, &st) == 0 && trust_text(&st, geteuid()) &&
	       lease_read(fd, lease) == 0 && text_is(&lease->session, root);
}

/* Handles a root with the lease FD. */
static void consider_session(const struct sweeper *s, const char *root, int rootfd,
			     int fd, bool young)
{
	struct remains remains = { 0, 0, "" };
	int ret = 0;

	if (is_believed(fd, root, s->lease)) {
		ret = end_session(s, rootfd, fd, &remains);
	} else if (lease_own(fd, false) == -EWOULDBLOCK) {
		ret = -EWOULDBLOCK;
	} else {
		if (young)
			say(s, root, FATE_YOUNG);
		else
			remove_it(s, root, rootfd);
		return;
	}
	if (ret == -EWOULDBLOCK)
		say_held(s, root, FATE_HELD, fd);
	else if (ret == -ECANCELED)
		say(s, root, FATE_KEPT);
	else if (ret == 0 && s->options->dry_run)
		say(s, root, FATE_WOULD);
	else
		say_removal(s, root, ret, &remains);
}

/*
 * Handles a further root. It is removed with its session, or alone where that is gone.
 * A session in another mount namespace is seen by its processes only.
 */
static void consider_part(const struct sweeper *s, const char *root, int fd,
			  const struct lease_part *part, bool young)
{
	struct statx st;
	int session = trust_open_root(part->session, geteuid(), &st);

	if (session >= 0)
		sys_close(session);
	else if (session != -ENOENT && session != -EPERM && session != -ENOTDIR &&
		 session != -ELOOP)
		say_removal(s, root, session, &(struct remains){ 0, 0, "" });
	else if (young)
		say(s, root, FATE_YOUNG);
	else if (members_name(part->session, geteuid()))
		say(s, root, FATE_HELD);
	else
		remove_it(s, root, fd);
}

static void consider(void *arg, const char *root)
{
	const struct sweeper *s = arg;
	struct lease_part part;
	struct statx st;
	int fd = trust_open_root(root, geteuid(), &st), lease;
	bool is_part, young;

	if (fd == -ENOENT)
		return;
	if (fd < 0) {
		if (fd == -EPERM || fd == -ENOTDIR || fd == -ELOOP) {
			if (!s->parts)
				say(s, root, FATE_STRANGE);
		} else if (!s->parts) {
			say_removal(s, root, fd, &(struct remains){ 0, 0, "" });
		}
		return;
	}
	young = look_is_young(st.stx_mtime.tv_sec);
	lease = lease_open_at(fd);
	is_part = lease_read_part(fd, &part) == 0 && !strcmp(part.root, root);
	if (is_part != s->parts) {
		/* Removed with its session. */
	} else if (lease < 0 && young) {
		/* Its maker must be able to lock it. */
		say(s, root, FATE_YOUNG);
	} else if (is_locked(fd)) {
		say_held(s, root, FATE_WATCHED, lease);
	} else if (is_part) {
		consider_part(s, root, fd, &part, young);
	} else if (lease >= 0) {
		consider_session(s, root, fd, lease, young);
	} else if (lease == -ENOENT || lease == -ELOOP || lease == -ENXIO) {
		remove_it(s, root, fd);
	} else {
		say_removal(s, root, lease, &(struct remains){ 0, 0, "" });
	}
	if (lease >= 0)
		sys_close(lease);
	sys_close(fd);
}

/* First sessions, then what is left of further roots. */
static void sweep_work(struct job *job)
{
	const struct sweep *sweep = job->arg;
	struct sweeper s = { job, sweep->options, malloc(sizeof *s.lease), false };
	char run[64];
	int ret, error = 0;

	if (!s.lease)
		crew_fail(ENOMEM);
	snprintf(run, sizeof run, ROOTS_RUN "/%lu", (unsigned long)job->uid);
	for (int turn = 0; turn < 2; turn++) {
		s.parts = turn;
		for (size_t i = 0; i < job->n; i++)
			consider(&s, sweep->roots.at[job->first + i].path);
		ret = roots_each(run, consider, &s);
		if (ret < 0)
			error = -ret;
	}
	free(s.lease);
	if (error)
		crew_fail(error);
}

/* -- In the parent -- */

static bool holds(const struct seen *seen, const struct verdict *v)
{
	return file_same(seen->lease, seen->mapped ? v->mapped : v->lease);
}

/* Whether number I was named before: a process may have a lease open, and mapped. */
static bool was_named(const struct seens *seens, size_t i, const struct verdict *v)
{
	for (size_t j = 0; j < i; j++)
		if (seens->at[j].pid == seens->at[i].pid && holds(&seens->at[j], v))
			return true;
	return false;
}

/* Names the processes that hold a lease, as far as they can be seen. */
static void name_holders(const struct seens *seens, const struct verdict *v)
{
	unsigned n = 0;

	for (size_t i = 0; i < seens->n; i++) {
		const struct seen *seen = &seens->at[i];
		char user[64];

		if (!holds(seen, v) || was_named(seens, i, v))
			continue;
		printf("%s %ld (%s: ", n++ ? "," : "; held by", (long)seen->pid,
		       user_name(seen->uid, user, sizeof user));
		show_put(stdout, seen->command);
		putchar(')');
	}
	if (!n && v->fate == FATE_HELD)
		fputs("; who holds it cannot be seen from here", stdout);
}

static void say_skipped(const struct verdict *v, const struct seens *seens)
{
	static const char *const why[FATES] = {
		[FATE_HELD] = "it is in use",
		[FATE_WATCHED] = "its helper watches it",
		[FATE_YOUNG] = "it may be in the making",
		[FATE_KEPT] = "it was to be kept",
		[FATE_STRANGE] = "it is none of privtmp's",
		[FATE_OTHERS] = "it is another user's",
	};

	fputs("skipped ", stdout);
	show_put(stdout, v->root);
	printf(": %s", why[v->fate]);
	if (seens)
		name_holders(seens, v);
	putchar('\n');
}

/* At the end, so that it takes no time of others. */
static void say_all_held(struct sweep *s)
{
	struct seens seens = { .n = 0 };

	if (!s->n)
		return;
	members_find(0, SESSIONS_LOOK, &seens);
	for (size_t i = 0; i < s->n; i++)
		say_skipped(&s->held[i], &seens);
}

static void keep_held(struct sweep *s, const struct verdict *v)
{
	struct verdict *more = realloc(s->held, (s->n + 1) * sizeof *more);

	if (!more) {
		remedy_lack("sessions", ENOMEM);
		return;
	}
	s->held = more;
	more[s->n++] = *v;
}

static void tell_verdict(struct sweep *s, const struct verdict *v)
{
	const bool verbose = s->options->verbose;

	switch (v->fate) {
	case FATE_REMOVED:
	case FATE_WOULD:
		if (v->fate == FATE_REMOVED && !verbose)
			return;
		fputs(v->fate == FATE_WOULD ? "would remove " : "removed ", stdout);
		show_put(stdout, v->root);
		putchar('\n');
		return;
	case FATE_LEFT:
		session_say_left(v->root, &v->remains, v->error);
		s->failed = true;
		return;
	case FATE_HELD:
	case FATE_WATCHED:
		if (verbose)
			keep_held(s, v);
		return;
	default:
		if (verbose)
			say_skipped(v, NULL);
	}
}

/* A child's records are only shown. */
static void take(struct job *job, const void *record)
{
	struct verdict v;

	progress_clear();
	memcpy(&v, record, sizeof v);
	v.root[POLICY_ROOT_MAX] = '\0';
	v.remains.name[sizeof v.remains.name - 1] = '\0';
	if ((unsigned)v.fate >= FATES)
		return;
	tell_verdict(job->arg, &v);
}

static void add_job(struct sweep *s, struct job **jobs, size_t *n, size_t first,
		    uid_t uid, gid_t gid)
{
	struct job *more;

	if (*n && (*jobs)[*n - 1].uid == uid) {
		(*jobs)[*n - 1].n++;
		return;
	}
	more = realloc(*jobs, (*n + 1) * sizeof *more);
	if (!more) {
		remedy_lack("sessions", ENOMEM);
		return;
	}
	*jobs = more;
	more[(*n)++] = (struct job){
		.uid = uid,
		.gid = crew_group(uid, gid),
		.work = sweep_work,
		.take = take,
		.arg = s,
		.first = first,
		.n = 1,
		.size = sizeof(struct verdict),
		.most = 4 * ROOTS_EACH,
	};
}

struct more {
	struct sweep *sweep;
	struct job **jobs;
	size_t *n;
};

/* A user without other roots may have a lease in memory. */
static void add_run(void *arg, uid_t uid, gid_t gid)
{
	struct more *more = arg;

	if (more->sweep->options->own && uid != geteuid())
		return;
	for (size_t i = 0; i < *more->n; i++)
		if ((*more->jobs)[i].uid == uid)
			return;
	add_job(more->sweep, more->jobs, more->n, 0, uid, gid);
	if (*more->n && (*more->jobs)[*more->n - 1].uid == uid)
		(*more->jobs)[*more->n - 1].n = 0;
}

static void say_others(const struct root *root)
{
	struct verdict v = { .fate = FATE_OTHERS };

	snprintf(v.root, sizeof v.root, "%s", root->path);
	say_skipped(&v, NULL);
}

/* The caller's own, of an audit that was killed. */
static void tell_trace(void *arg, const char *directory, int error)
{
	struct sweep *s = arg;
	struct verdict v = {
		.fate = error		    ? FATE_LEFT :
			s->options->dry_run ? FATE_WOULD :
					      FATE_REMOVED,
		.error = error,
	};

	snprintf(v.root, sizeof v.root, "%s", directory);
	tell_verdict(s, &v);
}

static void show_removal(void)
{
	progress_show("removing what was left");
}

int tool_sweep(const struct options *options, int argc, char **argv)
{
	static struct sweep s;
	const int seconds = options->timeout ? options->timeout : SESSIONS_SWEEP;
	struct job *jobs = NULL;
	size_t n = 0;

	s.options = options;
	if (argc > 0) {
		options_complain(options->command, argv[0], "sweep takes no operand");
		return STATUS_USAGE;
	}
	roots_find(&options->settings, &s.roots);
	roots_sort(&s.roots);
	for (size_t i = 0; i < s.roots.n; i++) {
		const struct root *root = &s.roots.at[i];

		if (root->owner == geteuid() || (geteuid() == 0 && !options->own))
			add_job(&s, &jobs, &n, i, root->owner, root->group);
		else if (options->verbose)
			say_others(root);
	}
	roots_each_run(&s.roots, add_run, &(struct more){ &s, &jobs, &n });
	progress_begin(-1);
	crew_tick = show_removal;
	crew_run(jobs, n, seconds);
	crew_tick = NULL;
	progress_end();
	for (size_t i = 0; i < n; i++)
		if (jobs[i].outcome != CREW_DONE) {
			sessions_say_cut(&jobs[i], "removal", seconds);
			s.failed = true;
		}
	place_sweep(options->dry_run, tell_trace, &s);
	s.failed |= s.roots.error != 0;
	if (s.roots.cut) {
		report("sessions", "there are more than can be looked at", 0,
		       "run it again for the others");
		s.failed = true;
	}
	free(jobs);
	say_all_held(&s);
	return options_written(s.failed ? 1 : 0);
}
