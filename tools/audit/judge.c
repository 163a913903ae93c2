/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Judges the events, one after the other; see judge.h. */
#include "judge.h"
#include "policy/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether others can make or remove files in the path's directory. */
static bool in_shared(uint32_t place)
{
	return place == PLACE_SHARED || place == PLACE_OPEN;
}

static bool is_absent(const struct trace_object *object)
{
	return object->type == TRACE_ABSENT;
}

/* The name of PROGRAM. Ubuntu has GNU's as gnurm, gnumktemp and so on. */
static const char *name_of(const char *program)
{
	const char *name = text_base(program);

	return !strncmp(name, "gnu", 3) && name[3] ? name + 3 : name;
}

/* Programs that draw names, how long at least, and do not say so by O_NOFOLLOW. */
static const struct {
	const char *program; /* what its name begins with */
	unsigned drawn;
} drawers[] = { { "mktemp", 6 }, { "ruby", 5 } };

/*
 * How long what is drawn in a name is at least, where a file is made so that it is the
 * maker's alone from the first, as python and ruby make their temporary files; or 0.
 */
static unsigned least_drawn(const struct event *e)
{
	const char *program = name_of(e->actor->program);

	if (!event_is_exclusive(e) || (e->record->b & 077))
		return 0;
	for (size_t i = 0; i < sizeof drawers / sizeof *drawers; i++)
		if (!strncmp(program, drawers[i].program, strlen(drawers[i].program)))
			return drawers[i].drawn;
	return e->call->kind == CALL_MKDIR || (event_flags(e) & O_NOFOLLOW) ? 8 : 0;
}

/* Why others can know the name beforehand, or NULL. */
const char *weakness_of(struct verdicts *v, const struct event *e, struct life *life)
{
	if (!life->judged) {
		history_sources(v->history, e->actor);
		v->history->sources.drawn = least_drawn(e);
		life->judged = true;
		life->weakness =
			name_weakness(text_base(life->path), &v->history->sources);
	}
	return life->api ? NULL : life->weakness;
}

static bool other_user(const struct event *e, const struct trace_object *object)
{
	return object->uid != e->actor->image->uid && object->uid != 0;
}

/* -- Names -- */

static void judge_name(struct verdicts *v, const struct event *e, struct life *life)
{
	const struct trace_record *r = e->record;

	if (e->call->kind == CALL_NAME) {
		life->api = true;
		verdict(v, RULE_INSECURE_NAME_API, rules[RULE_INSECURE_NAME_API].severity,
			e, e->path, "%s gave a name that was free a moment ago",
			e->call->name);
	}
	if ((r->flags & TRACE_TEMPLATE) && e->call->kind != CALL_NAME) {
		if (r->a < 6)
			verdict(v, RULE_INSECURE_NAME_API, SEVERITY_MEDIUM, e, e->path,
				"the template of %s has %u X, and six is the least",
				e->call->name, r->a);
		life->api = true;
	}
}

static void judge_predictable(struct verdicts *v, const struct event *e, const char *path,
			      struct life *life, bool exclusive)
{
	const char *weak = weakness_of(v, e, life);

	if (!weak || life_is_ours(life) || (life->made && !life->gone))
		return;
	verdict(v, RULE_PREDICTABLE_NAME, exclusive ? SEVERITY_LOW : SEVERITY_MEDIUM, e,
		path, "other users can know the name beforehand: %s", weak);
}

/* -- Making -- */

/* What others may do with the file that was made. */
static void judge_mode(struct verdicts *v, const struct event *e, const char *path)
{
	const struct trace_object *made = &e->record->after;
	const unsigned mode = made->mode;
	const char *what = NULL;
	enum severity severity = SEVERITY_MEDIUM;

	switch (made->type) {
	case TRACE_FILE:
	case TRACE_FIFO:
	case TRACE_OTHER:
		if (mode & 022)
			what = "others can write to it";
		else if (mode & 044)
			what = "others can read it", severity = SEVERITY_LOW;
		break;
	case TRACE_DIRECTORY:
		if ((mode & 022) && !(mode & 01000))
			what = "others can make and remove names in it",
			severity = SEVERITY_HIGH;
		else if (mode & 022)
			what = "others can make names in it";
		else if (mode & 055)
			what = "others can see what is in it", severity = SEVERITY_LOW;
		break;
	case TRACE_SOCKET:
		if (mode & 022)
			what = "others can connect to it";
		break;
	default: break;
	}
	if (what)
		verdict(v, RULE_LOOSE_PERMISSIONS, severity, e, path,
			"it was made with mode %04o: %s", mode, what);
}

static void judge_exclusive(struct verdicts *v, const struct event *e, struct life *life)
{
	const struct trace_record *r = e->record;
	const bool own = !is_absent(&r->before) && life->made && !life->gone;

	if (event_is_exclusive(e))
		return;
	/* It exists, and nobody else can have made it. */
	if (own && life->exclusive)
		return;
	if (e->call->kind == CALL_OPEN && (r->b & ~07777u))
		verdict(v, RULE_MISSING_EXCLUSIVE, SEVERITY_HIGH, e, e->path,
			"the mode is missing: the file gets what happens to be there");
	verdict(v, RULE_MISSING_EXCLUSIVE,
		weakness_of(v, e, life) ? SEVERITY_HIGH : SEVERITY_MEDIUM, e, e->path,
		"it is made without O_EXCL: what another user has put there is opened");
}

/* Records that PATH exists, made by E. */
static void made(struct verdicts *v, const struct event *e, const char *path,
		 struct life *life, bool exclusive)
{
	if (!life->made || life->gone)
		life->exclusive = exclusive;
	life->made = e;
	life->gone = false;
	life->link = e->call->kind == CALL_SYMLINK;
	if (exclusive)
		life->look = life->exists = NULL;
	timeline(v, path, "made", e);
}

static void judge_creation(struct verdicts *v, const struct event *e, struct life *life)
{
	const struct trace_record *r = e->record;
	const bool exclusive = event_is_exclusive(e);

	if (in_shared(r->place)) {
		judge_predictable(v, e, e->path, life, exclusive);
		judge_exclusive(v, e, life);
	}
	if (e->call->kind == CALL_MKDIR && r->error == EEXIST && in_shared(r->place) &&
	    !(life->made && !life->gone))
		life->exists = e;
	if (r->error)
		return;
	if (is_absent(&r->before) || r->before.type == TRACE_UNKNOWN) {
		if (in_shared(r->place))
			judge_mode(v, e, e->path);
		made(v, e, e->path, life, exclusive);
	} else {
		timeline(v, e->path, "opened", e);
	}
}

/* rename and link: the file at the second path. */
static void judge_arrival(struct verdicts *v, const struct event *e)
{
	struct life *life = e->other_life;

	if (!e->other || !life)
		return;
	if (in_shared(e->record->other_place))
		judge_predictable(v, e, e->other, life, true);
	if (e->record->error)
		return;
	if (!life->made || life->gone) {
		life->made = e;
		/* The old file is replaced, not opened. */
		life->exclusive = true;
	}
	life->gone = false;
	timeline(v, e->other, e->call->kind == CALL_RENAME ? "renamed" : "made", e);
}

/* -- Using -- */

/* Whether the call uses the file, and does not only look at it. */
static bool uses(const struct event *e)
{
	switch (e->call->kind) {
	case CALL_OTHER:
	case CALL_LOOK:
	case CALL_LOOK_LINK:
	case CALL_LOOK_OPENED:
	case CALL_NAME:
	case CALL_TEMPLATE:
	case CALL_TEMPLATE_DIR:
	case CALL_TELL: return false;
	default: return true;
	}
}

static void judge_link(struct verdicts *v, const struct event *e, const struct life *life)
{
	const struct trace_record *r = e->record;

	if (r->before.type != TRACE_LINK || !event_follows(e) ||
	    (life->asked && !other_user(e, &r->before)) ||
	    (life->made && life->link && !life->gone))
		return;
	verdict(v, RULE_FOLLOWED_LINK,
		other_user(e, &r->before) ? SEVERITY_HIGH : SEVERITY_MEDIUM, e, e->path,
		r->error ?
			"there is a symbolic link, made by %s, and the call would have "
			"followed it" :
			"there is a symbolic link, made by %s, and the call followed it",
		other_user(e, &r->before)	      ? "another user" :
		r->before.uid == e->actor->image->uid ? "this user before" :
							"root");
}

/* How the file's contents take effect, as text; NULL: they do not. */
static const char *believes(const struct event *e)
{
	switch (e->call->kind) {
	case CALL_EXEC: return "executed";
	case CALL_LOAD: return "loaded";
	case CALL_CONNECT: return "connected to";
	case CALL_OPEN:
	case CALL_STREAM:
	case CALL_SHARED:
	case CALL_CREAT: return "opened";
	case CALL_LIST: return "listed";
	case CALL_GO:
	case CALL_ROOT: return "entered";
	case CALL_SIZE:
	case CALL_CHMOD:
	case CALL_CHOWN:
	case CALL_TIMES:
	case CALL_ATTRIBUTE: return "changed";
	default: return NULL;
	}
}

/*
 * Whether E's file may be one of many that were made before at one place in the code, and
 * of which the trace has the first name alone.
 */
static bool is_one_of_many(const struct history *h, const struct event *e)
{
	const size_t dir = (size_t)(text_base(e->path) - e->path);

	for (const struct event *of = h->events; of < e; of++)
		if (of->record->flags & TRACE_SHAPE && !of->record->error && of->path &&
		    is_absent(&of->record->before) && !strncmp(of->path, e->path, dir) &&
		    !strchr(of->path + dir, '/'))
			return true;
	return false;
}

static void judge_foreign(struct verdicts *v, const struct event *e,
			  const struct life *life)
{
	const struct trace_record *r = e->record;
	const char *how = believes(e);
	const bool acts = e->call->kind == CALL_EXEC || e->call->kind == CALL_LOAD;
	const bool reads = e->call->kind == CALL_OPEN || e->call->kind == CALL_STREAM;

	if (!how || event_looks_after(v->history, e))
		return;
	if (is_absent(&r->before)) {
		/* It was searched for and is missing, and another user can make it. */
		if ((acts || (reads && event_follows(e))) && !event_creates(e) &&
		    !life->made && !life->asked && in_shared(r->place))
			verdict(v, RULE_FOREIGN_OBJECT,
				acts ? SEVERITY_HIGH : SEVERITY_LOW, e, e->path,
				"it is looked for where any user can put it");
		return;
	}
	if (other_user(e, &r->before)) {
		if (r->before.type != TRACE_LINK)
			verdict(v, RULE_FOREIGN_OBJECT, SEVERITY_HIGH, e, e->path,
				"it is another user's (%u), and was %s", r->before.uid,
				how);
		return;
	}
	if (r->place == PLACE_FOREIGN) {
		verdict(v, RULE_FOREIGN_OBJECT, SEVERITY_HIGH, e, e->path,
			"it is in a directory that another user controls, and was %s",
			how);
		return;
	}
	if (!in_shared(r->place) || r->before.type == TRACE_LINK || life->made ||
	    life->asked)
		return;
	if (event_creates(e) && !event_is_exclusive(e))
		return; /* reported already */
	if (is_one_of_many(v->history, e))
		return;
	verdict(v, RULE_FOREIGN_OBJECT, acts ? SEVERITY_HIGH : SEVERITY_MEDIUM, e,
		e->path,
		"it was there before, where any user could have made it, and was %s",
		how);
}

static void judge_chmod(struct verdicts *v, const struct event *e)
{
	const unsigned mode = e->record->b & 0777, before = e->record->before.mode;
	const unsigned more = mode & ~before;
	const bool directory = e->record->before.type == TRACE_DIRECTORY;

	if (e->call->kind != CALL_CHMOD || e->record->error ||
	    !in_shared(e->record->place) || is_absent(&e->record->before))
		return;
	if (more & 022)
		verdict(v, RULE_LOOSE_PERMISSIONS,
			directory && !(e->record->b & 01000) ? SEVERITY_HIGH :
							       SEVERITY_MEDIUM,
			e, e->path, "its mode is changed to %04o: others can write to it",
			e->record->b & 07777);
	else if (more & (directory ? 055u : 044u))
		verdict(v, RULE_LOOSE_PERMISSIONS, SEVERITY_LOW, e, e->path,
			"its mode is changed to %04o: others can read it",
			e->record->b & 07777);
}

/* mkdir failed with EEXIST, and the directory is used all the same. */
static void judge_goes_on(struct verdicts *v, const struct event *e)
{
	struct life *in = life_of_parent(e->path);
	struct life *of[] = { e->life, in };

	if (!uses(e))
		return;
	for (size_t i = 0; i < 2; i++) {
		if (!of[i] || !of[i]->exists || of[i]->exists == e)
			continue;
		if (i == 0 &&
		    (e->call->kind == CALL_MKDIR || e->call->kind == CALL_UNLINK))
			continue;
		verdict(v, RULE_MISSING_EXCLUSIVE, SEVERITY_HIGH, of[i]->exists,
			of[i]->path,
			"the directory was there, and is used without a look at its owner");
		of[i]->exists = NULL;
	}
}

/* Programs that make, remove and change files, only as their arguments say. */
static bool runs_errands(const char *program)
{
	static const char *const names[] = { "rm",	"rmdir", "unlink",  "mkdir",
					     "mkfifo",	"mknod", "mktemp",  "mv",
					     "cp",	"ln",	 "touch",   "chmod",
					     "chown",	"chgrp", "install", "shred",
					     "truncate" };
	const char *name = name_of(program);

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

/* A look by such a program is not a check by the audited program. */
static bool is_errand(const struct event *e)
{
	return runs_errands(e->actor->program);
}

/*
 * Whether an interpreter looks by itself before it does what the script asks for: perl's
 * unlink, php's way to open a file.
 */
static bool is_interpreters(const struct verdicts *v, const struct event *e)
{
	const struct event *next = next_event(v->history, e);
	const char *name = name_of(e->actor->program);

	if (e->call->kind != CALL_LOOK_LINK || !next || next->life != e->life)
		return false;
	if (!strncmp(name, "perl", 4))
		return next->call->kind == CALL_UNLINK;
	return !strncmp(name, "php", 3) &&
	       (next->call->kind == CALL_OPEN || next->call->kind == CALL_STREAM);
}

static void judge_look(struct verdicts *v, const struct event *e, struct life *life)
{
	/* "mktemp -u" */
	if (!strcmp(name_of(e->actor->program), "mktemp") &&
	    is_absent(&e->record->before))
		verdict(v, RULE_INSECURE_NAME_API, rules[RULE_INSECURE_NAME_API].severity,
			e, e->path, "mktemp -u gave a name that was free a moment ago");
	/* A look at a link's target does not tell who owns the link. */
	if (life->exists && !is_errand(e) &&
	    (e->call->kind == CALL_LOOK_LINK || !event_follows(e)))
		life->exists = NULL;
	if (e->call->kind == CALL_LOOK_OPENED)
		return;
	if (is_errand(e) || is_interpreters(v, e) || life_is_ours(life) ||
	    !in_shared(e->record->place))
		return;
	life->look = e;
}

/* -- Telling -- */

static void judge_told(struct verdicts *v, const struct event *e, struct life *life)
{
	const struct trace_record *r = e->record;

	/* The name came from outside, or is safe to pass on. */
	if (life->asked || life_is_ours(life) || !in_shared(r->place) ||
	    strstr(e->actor->command_line, e->path) != NULL || strstr(e->path, "XXX"))
		return;
	/* The program that makes or removes it must know it. */
	if (e->actor->exec && runs_errands(e->actor->exec->path))
		return;
	verdict(v, RULE_OUTSIDE_KNOWLEDGE, rules[RULE_OUTSIDE_KNOWLEDGE].severity, e,
		e->path,
		r->flags & TRACE_VARIABLE_TOLD ?
			"its name is told to another program, in the environment" :
			"its name is told to another program, as an argument");
}

/* -- All of it -- */

static void judge_removal(struct verdicts *v, const struct event *e, struct life *life)
{
	if (e->record->error)
		return;
	if (e->call->kind == CALL_UNLINK || e->call->kind == CALL_RENAME) {
		life->gone = true;
		life->look = life->exists = NULL;
		if (e->call->kind == CALL_UNLINK)
			timeline(v, e->path, "removed", e);
	}
}

/* Whether the name will probably be the same in another run. */
static bool is_stable(struct verdicts *v, const struct event *e, struct life *life)
{
	const char *weak = weakness_of(v, e, life);

	return weak && (strstr(weak, "the same in each run") || strstr(weak, "the user"));
}

static void judge_path(struct verdicts *v, const struct event *e)
{
	struct life *life = e->life;
	const bool private = e->record->place == PLACE_PRIVATE ||
			     e->record->place == PLACE_CLOSED;

	if ((e->record->flags & TRACE_EXEC) && (e->record->flags & TRACE_BEFORE))
		e->actor->exec = e;
	if (e->record->place == PLACE_ELSEWHERE)
		return;
	if (in_shared(e->record->place) && !(e->record->flags & TRACE_SHAPE) &&
	    is_stable(v, e, life))
		life->target = true;
	if (e->record->flags & (TRACE_TOLD | TRACE_VARIABLE_TOLD)) {
		judge_told(v, e, life);
		return;
	}
	judge_goes_on(v, e);
	if (!private)
		judge_name(v, e, life);
	if (!private)
		judge_race(v, e, life);
	if (uses(e) && !private) {
		judge_link(v, e, life);
		judge_foreign(v, e, life);
		judge_chmod(v, e);
	}
	if (event_creates(e))
		judge_creation(v, e, life);
	else if (uses(e) && !e->record->error && e->call->kind != CALL_UNLINK &&
		 e->call->kind != CALL_RENAME)
		timeline(v, e->path, "opened", e);
	if (e->call->kind == CALL_LOOK || e->call->kind == CALL_LOOK_LINK ||
	    e->call->kind == CALL_LOOK_OPENED)
		judge_look(v, e, life);
	judge_removal(v, e, life);
}

/* Finds the lives of all names. False: there is no memory. */
static bool begin(struct history *h)
{
	for (size_t i = 0; i < h->n_events; i++) {
		struct event *e = &h->events[i];

		if (e->path)
			e->life = life_of(e->path);
		if (e->other)
			e->other_life = life_of(e->other);
		if ((e->path && !e->life) || (e->other && !e->other_life))
			return false;
		if (e->life)
			e->life->asked = history_asked_for(h, e->path);
		if (e->other_life)
			e->other_life->asked = history_asked_for(h, e->other);
	}
	return true;
}

bool judge(struct verdicts *v)
{
	struct history *h = v->history;

	if (!begin(h))
		return false;
	for (size_t i = 0; i < h->n_events && !v->failed; i++) {
		const struct event *e = &h->events[i];

		/*
		 * A call that failed for a bad pointer or the like says nothing about the
		 * file.
		 */
		if (e->record->error == EFAULT ||
		    (e->record->flags & TRACE_EXEC && e->record->error))
			continue;
		if (e->path)
			judge_path(v, e);
		judge_arrival(v, e);
	}
	return !v->failed;
}
