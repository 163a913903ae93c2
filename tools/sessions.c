/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds sessions; see sessions.h. */
#include "sessions.h"
#include "core/owner.h"
#include "core/report.h"
#include "core/sys.h"
#include "remedy.h"
#include "session/left.h"
#include "session/remove.h"
#include "session/root_name.h"
#include "show.h"
#include "users.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *found_word(enum found_state state)
{
	static const char *const words[FOUND_STATES] = {
		[FOUND_LIVE] = "live",	     [FOUND_KEPT] = "kept",
		[FOUND_DEAD] = "dead",	     [FOUND_YOUNG] = "starting",
		[FOUND_PART] = "part",	     [FOUND_CLOSED] = "closed",
		[FOUND_STRANGE] = "strange",
	};

	return words[state];
}

char *user_name(uid_t uid, char *out, size_t size)
{
	const struct passwd *user = user_of(uid);

	if (user)
		snprintf(out, size, "%s", user->pw_name);
	else
		snprintf(out, size, "%lu", (unsigned long)uid);
	return out;
}

void sessions_say_cut(const struct job *job, const char *what, int seconds)
{
	char who[128], user[64], why[96];

	user_name(job->uid, user, sizeof user);
	snprintf(who, sizeof who, "%s's sessions", user);
	if (job->outcome == CREW_CUT)
		snprintf(why, sizeof why,
			 "%s was cut short: it took more than %d seconds", what, seconds);
	else
		snprintf(why, sizeof why, "%s failed", what);
	report(who, why, job->outcome == CREW_CUT ? 0 : job->error,
	       job->outcome == CREW_CUT ? "--timeout allows more" :
					  remedy_of(job->error));
}

void session_say_left(const char *root, const struct remains *remains, int error)
{
	char first[POLICY_ROOT_MAX + sizeof remains->name + 16];

	if (!remains->count) {
		const struct left left = left_root(root, error);

		show_report(root, left.what, left.error,
			    left.remedy ? left.remedy : remedy_of(left.error));
		return;
	}
	snprintf(first, sizeof first, "%s/.../%s", root, remains->name);
	show_report(first,
		    remains->count == 1 ? "cannot be removed" :
					  "and others cannot be removed",
		    remains->error, "privtmp sweep tries again");
}

struct found *sessions_at(const struct sessions *sessions, const char *root, uid_t owner)
{
	for (size_t i = 0; i < sessions->n; i++)
		if (sessions->at[i].owner == owner && !strcmp(sessions->at[i].root, root))
			return &sessions->at[i];
	return NULL;
}

/* -- Answers of owners -- */

struct search {
	const struct query *query;
	struct roots roots;
	struct seens seens;
	struct sessions *out;
};

static struct found *add_session(struct sessions *s, const char *root, uid_t owner,
				 gid_t group)
{
	struct found *f;

	if (!(s->n & (s->n - 1))) {
		f = realloc(s->at, (s->n ? 2 * s->n : 1) * sizeof *f);
		if (!f) {
			remedy_lack("sessions", ENOMEM);
			return NULL;
		}
		s->at = f;
	}
	f = &s->at[s->n++];
	memset(f, 0, sizeof *f);
	strcpy(f->root, root);
	f->owner = owner;
	f->group = group;
	f->state = FOUND_CLOSED;
	return f;
}

/* Whether JOB may answer about PATH: it was asked, or it is the user's own directory. */
static bool may_tell(const struct search *search, const struct job *job, const char *path)
{
	char run[64];
	int n = snprintf(run, sizeof run, ROOTS_RUN "/%lu/", (unsigned long)job->uid);

	if (!strncmp(path, run, (size_t)n) && root_name_is(path + n))
		return true;
	for (size_t i = 0; i < job->n; i++)
		if (!strcmp(search->roots.at[job->first + i].path, path))
			return true;
	return false;
}

static struct lease *parse_lease(const struct looked *l)
{
	struct lease *lease;

	if (!l->len || l->len > sizeof lease->text)
		return NULL;
	lease = malloc(sizeof *lease);
	if (!lease) {
		remedy_lack("sessions", ENOMEM);
		return NULL;
	}
	memcpy(lease->text, l->text, l->len);
	lease->len = l->len;
	if (lease_parse(lease) == 0)
		return lease;
	free(lease);
	return NULL;
}

/* Handles a record of an owner, which may be forged. */
static void take(struct job *job, const void *record)
{
	struct search *search = ((const struct look *)job->arg)->arg;
	static struct looked l;
	struct found *f;

	memcpy(&l, record, sizeof l);
	l.path[POLICY_ROOT_MAX] = l.primary[POLICY_ROOT_MAX] = '\0';
	if ((unsigned)l.state >= FOUND_STATES || !may_tell(search, job, l.path) ||
	    (l.state == FOUND_PART && !roots_is_path(l.primary)))
		return;
	f = sessions_at(search->out, l.path, job->uid);
	if (!f)
		f = add_session(search->out, l.path, job->uid, job->gid);
	if (!f || f->lease)
		return;
	f->state = l.state;
	f->changed = l.changed;
	f->id = l.root;
	f->lease_id = l.lease;
	f->map_id = l.mapped;
	f->usage = l.usage;
	strcpy(f->primary, l.primary);
	f->lease = parse_lease(&l);
}

struct jobs {
	struct job *at;
	size_t n;
	const struct look *look;
};

static struct job *job_of(struct jobs *jobs, uid_t uid, gid_t gid)
{
	struct job *more;

	for (size_t i = 0; i < jobs->n; i++)
		if (jobs->at[i].uid == uid)
			return &jobs->at[i];
	more = realloc(jobs->at, (jobs->n + 1) * sizeof *more);
	if (!more) {
		remedy_lack("sessions", ENOMEM);
		return NULL;
	}
	jobs->at = more;
	more = &jobs->at[jobs->n++];
	*more = (struct job){
		.uid = uid,
		.gid = gid,
		.work = look_work,
		.take = take,
		.arg = (void *)jobs->look,
		.size = sizeof(struct looked),
		.most = 2 * ROOTS_EACH,
	};
	return more;
}

static void add_run(void *arg, uid_t uid, gid_t gid)
{
	job_of(arg, uid, gid);
}

/* Each owner's child inspects the owner's roots. */
static void look_at_roots(struct search *search)
{
	const struct look look = {
		&search->roots,
		search->query->usage,
		&search->seens,
		search,
	};
	struct jobs jobs = { NULL, 0, &look };
	const struct roots *roots = &search->roots;
	const int seconds = search->query->seconds;

	for (size_t i = 0; i < roots->n; i++) {
		const struct root *root = &roots->at[i];
		struct job *job;
		struct found *f =
			add_session(search->out, root->path, root->owner, root->group);

		if (f)
			f->hinted = root->hinted;
		if (!f || (geteuid() != 0 && root->owner != geteuid()))
			continue;
		if (i && jobs.n && jobs.at[jobs.n - 1].uid == root->owner) {
			jobs.at[jobs.n - 1].n++;
			continue;
		}
		job = job_of(&jobs, root->owner, crew_group(root->owner, root->group));
		if (job) {
			job->first = i;
			job->n = 1;
		}
	}
	if (!search->query->pid)
		roots_each_run(&search->roots, add_run, &jobs);
	crew_run(jobs.at, jobs.n, seconds);
	for (size_t i = 0; i < jobs.n; i++)
		if (jobs.at[i].outcome != CREW_DONE) {
			sessions_say_cut(&jobs.at[i], "looking at them", seconds);
			search->out->cut = true;
		}
	free(jobs.at);
}

/* -- Hints of processes -- */

/* The owner of a root, as a record. */
struct ownership {
	uid_t uid;
	gid_t gid;
};

struct asked {
	const struct seen *seen;
	struct ownership owner;
};

/* In a child, because a file system under a user's control may block it. */
static void ask_owner(struct job *job)
{
	const struct seen *seen = ((const struct asked *)job->arg)->seen;
	struct statx st;

	if (sys_look(AT_FDCWD, seen->path, &st) < 0 || !S_ISDIR(st.stx_mode))
		return;
	crew_say(job, &(struct ownership){ st.stx_uid, st.stx_gid });
}

static void take_owner(struct job *job, const void *record)
{
	memcpy(&((struct asked *)job->arg)->owner, record, sizeof(struct ownership));
}

static bool is_known(const struct roots *roots, const char *path)
{
	for (size_t i = 0; i < roots->n; i++)
		if (!strcmp(roots->at[i].path, path))
			return true;
	return false;
}

enum { ASKED = 64, ASK = 1 /* seconds */ };

/*
 * Adds roots that processes name, in other directories. A root of another user than the
 * process's counts only where the process is root's, who joins only what is trusted.
 */
static void follow_processes(struct search *search)
{
	struct job jobs[ASKED];
	struct asked asked[ASKED];
	size_t n = 0;

	for (size_t i = 0; i < search->seens.n; i++) {
		const struct seen *seen = &search->seens.at[i];

		if (!seen->path[0] || is_known(&search->roots, seen->path))
			continue;
		if (geteuid() != 0 || seen->uid != 0) {
			roots_hint(&search->roots, seen->path, seen->uid, seen->gid);
			continue;
		}
		if (n == ASKED) {
			search->roots.cut = true;
			continue;
		}
		asked[n] = (struct asked){ seen, { (uid_t)-1, 0 } };
		jobs[n] = (struct job){
			.keep = true,
			.work = ask_owner,
			.take = take_owner,
			.arg = &asked[n],
			.size = sizeof asked->owner,
			.most = 1,
		};
		n++;
	}
	crew_run(jobs, n, ASK);
	for (size_t i = 0; i < n; i++)
		if (asked[i].owner.uid != (uid_t)-1)
			roots_hint(&search->roots, asked[i].seen->path,
				   asked[i].owner.uid, asked[i].owner.gid);
}

static bool is_helper(const struct seen *seen, const struct found *f)
{
	return file_same(seen->root, f->id) && (seen->uid == f->owner || seen->uid == 0);
}

/* A directory of anyone's can have the name of a root: only the owner's mounts count. */
static bool shows(const struct seen *seen, const struct found *f)
{
	return seen->shown[0] && (seen->uid == f->owner || seen->uid == 0) &&
	       !strcmp(strrchr(f->root, '/') + 1, seen->shown);
}

static void add_member(struct found *f, const struct seen *seen)
{
	struct member *m, **end;

	for (end = &f->members; *end; end = &(*end)->next)
		if ((*end)->pid == seen->pid)
			return;
	m = calloc(1, sizeof *m);
	if (!m) {
		remedy_lack("members", ENOMEM);
		return;
	}
	m->pid = seen->pid;
	m->uid = seen->uid;
	m->mapped = seen->mapped;
	m->mounts = seen->mounts;
	memcpy(m->command, seen->command, sizeof m->command);
	*end = m;
}

/* Adds the process to the session whose lease it has. The path proves nothing. */
static void match(struct sessions *s, const struct seen *seen)
{
	for (size_t i = 0; i < s->n; i++) {
		struct found *f = &s->at[i];

		if ((file_same(seen->lease, seen->mapped ? f->map_id : f->lease_id) ||
		     shows(seen, f)) &&
		    !is_helper(seen, f))
			add_member(f, seen);
	}
}

/* Drops hints that led to no session. */
static void drop_hints(struct sessions *s)
{
	size_t to = 0;

	for (size_t i = 0; i < s->n; i++)
		if (!s->at[i].hinted || s->at[i].lease)
			s->at[to++] = s->at[i];
	s->n = to;
}

void sessions_find(const struct query *query, struct sessions *out)
{
	static struct search search;
	static struct query q;

	q = *query;
	if (!q.seconds)
		q.seconds = SESSIONS_LOOK;
	memset(out, 0, sizeof *out);
	memset(&search, 0, sizeof search);
	search.query = &q;
	search.out = out;
	if (!q.pid)
		roots_find(q.settings, &search.roots);
	members_find(q.pid, q.seconds, &search.seens);
	follow_processes(&search);
	roots_sort(&search.roots);
	look_at_roots(&search);
	drop_hints(out);
	for (size_t i = 0; i < search.seens.n; i++)
		match(out, &search.seens.at[i]);
	out->cut |= search.roots.error || search.seens.failed;
	if (search.roots.cut || search.seens.cut) {
		out->cut = true;
		report("sessions", "there are more than can be looked at", 0,
		       "privtmp sweep removes those without members");
	}
}

const struct found *sessions_of(const struct settings *settings, pid_t pid)
{
	const struct query query = { settings, .pid = pid };
	const struct found *best = NULL;
	struct sessions sessions;

	sessions_find(&query, &sessions);
	for (size_t i = 0; i < sessions.n; i++) {
		const struct found *f = &sessions.at[i];

		for (const struct member *m = f->members; m; m = m->next)
			if (f->state == FOUND_LIVE && m->pid == pid &&
			    (!best || m->mapped))
				best = f;
	}
	return best;
}

const struct found *sessions_shown(const struct settings *settings, pid_t pid,
				   const char *name)
{
	const struct query query = { settings, .seconds = 0 };
	const int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const struct found *found = NULL;
	struct sessions sessions;
	char process[32];

	snprintf(process, sizeof process, "%d", (int)pid);
	sessions_find(&query, &sessions);
	for (size_t i = 0; i < sessions.n && !found; i++)
		if (!strcmp(strrchr(sessions.at[i].root, '/') + 1, name) &&
		    owner_rules(proc, process, sessions.at[i].owner))
			found = &sessions.at[i];
	if (proc >= 0)
		close(proc);
	/* cppcheck-suppress returnDanglingLifetime */
	return found; /* on the heap */
}
