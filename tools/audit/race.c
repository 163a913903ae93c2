/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Races between checks and uses of a name: all pairs of a call that looks and a later call
 * that uses, except those between which nobody can replace the file.
 */
#include "judge.h"
#include "sites.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

/* What is done by the name on the strength of the look. */
static const char *use_of(const struct event *e)
{
	if (!strcmp(e->call->name, "fchmod")) /* an open file cannot be replaced */
		return NULL;
	switch (e->call->kind) {
	case CALL_OPEN:
	case CALL_STREAM:
	case CALL_CREAT:
	case CALL_SHARED: return "opened";
	case CALL_MKDIR:
	case CALL_NODE:
	case CALL_SYMLINK:
	case CALL_BIND: return "made";
	case CALL_LINK: return "linked";
	case CALL_RENAME: return "renamed";
	case CALL_UNLINK: return "removed";
	case CALL_CHMOD: return "given another mode";
	case CALL_CHOWN: return "given another owner";
	case CALL_SIZE: return "cut";
	case CALL_TIMES: return "given other times";
	case CALL_ATTRIBUTE: return "given another attribute";
	case CALL_LIST: return "listed";
	case CALL_GO: return "entered";
	case CALL_ROOT: return "made the root directory";
	case CALL_MOUNT: return "mounted";
	case CALL_EXEC: return "executed";
	case CALL_LOAD: return "loaded";
	case CALL_CONNECT: return "connected to";
	default: return NULL;
	}
}

/* A file made without O_EXCL can have been replaced before this call. */
static bool depends_on_making(const struct event *e)
{
	return e->call->kind == CALL_CHMOD || e->call->kind == CALL_CHOWN ||
	       e->call->kind == CALL_EXEC || e->call->kind == CALL_LOAD;
}

static void found(struct verdicts *v, const struct event *look, const struct event *use,
		  const char *path, const char *what, enum severity severity)
{
	struct finding *finding =
		verdict(v, RULE_CHECK_THEN_USE, severity, use, path,
			"%s looks at the name, and then it is %s by that name",
			look->call->name, what);

	if (!finding || finding->first_call)
		return;
	finding->first_call = look->call->name;
	site_of(v->history, look, &finding->first_site);
}

/* The use by one of a call's two paths. */
static void judge_use(struct verdicts *v, const struct event *e, const char *path,
		      struct life *life)
{
	const char *what = use_of(e);
	const struct event *look = life->look;

	if (!what || life_is_ours(life) || event_looks_after(v->history, e))
		return;
	if (e->record->flags & TRACE_EXEC && !(e->record->flags & TRACE_BEFORE))
		return;
	/*
	 * The kernel checks and makes the file in one step, so the earlier check does not
	 * matter.
	 */
	if (event_is_exclusive(e) &&
	    (e->call->kind == CALL_OPEN || e->call->kind == CALL_STREAM ||
	     e->call->kind == CALL_SHARED))
		return;
	if (!look && life->made && !life->gone && depends_on_making(e) &&
	    e->call->nofollow == false)
		look = life->made;
	if (!look || look == e)
		return;
	/* The call fails if the name exists, and nobody can predict this name. */
	if (event_is_exclusive(e) && !weakness_of(v, e, life))
		return;
	found(v, look, e, path, what,
	      event_is_exclusive(e) ? SEVERITY_LOW : rules[RULE_CHECK_THEN_USE].severity);
}

void judge_race(struct verdicts *v, const struct event *e, struct life *life)
{
	judge_use(v, e, e->path, life);
	if (e->other && e->other_life &&
	    (e->call->kind == CALL_RENAME || e->call->kind == CALL_LINK))
		judge_use(v, e, e->other, e->other_life);
}
