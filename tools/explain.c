/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * privtmp explain: where a path leads, and why. In the session that it runs in, or in
 * one that it starts.
 */
#include "command.h"
#include "json.h"
#include "origin.h"
#include "outer.h"
#include "remedy.h"
#include "resolve.h"
#include "core/report.h"
#include "session/enter.h"
#include "session/inside.h"
#include "session/leave.h"
#include "session/plan.h"
#include "policy/compose.h"
#include "session/root_name.h"
#include "session/session.h"
#include "show.h"
#include "tool.h"
#include "policy/view.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct answer {
	/* "guarded", "mounted", "shared", "elsewhere", "link", "cwd", "off" */
	const char *why;
	char real[RESOLVE_PATH];
	char by[512];	       /* the guarded directory or the pattern */
	char origin[512];      /* origin of that */
	char root[512];	       /* where backings are, if set */
	char root_origin[512]; /* origin of that */
};

/* The question, and the sources of the answers. */
static struct {
	const struct options *options;
	char program[PATH_MAX];
	struct settings settings;
	bool mounted;	/* this is behind the mount door */
	bool inherited; /* the policy of the session that this runs in */
} explain;

static void put_text(char *out, size_t size, const struct text *text)
{
	snprintf(out, size, "%.*s", (int)text->len, text->at);
}

/* Where KEY got VALUE from. */
static void name_origin(enum setting key, const char *value, char *out, size_t size)
{
	if (explain.inherited)
		snprintf(out, size, "the session");
	else
		origin_of_setting(explain.options, explain.program, key, value, out,
				  size);
}

static void name_guard(int guard, struct answer *a)
{
	put_text(a->by, sizeof a->by, &pt_view.policy->guard[guard].view);
	name_origin(SETTING_GUARD, a->by, a->origin, sizeof a->origin);
}

/* The pattern that makes PATH a shared one. */
static void name_pattern(const char *path, size_t len, struct answer *a)
{
	const struct policy *policy = pt_view.policy;

	for (unsigned i = 0; i < policy->shares; i++)
		if (policy_glob(&policy->share[i], path, len)) {
			const char *agent = policy_agent(environ, path, len);

			put_text(a->by, sizeof a->by, &policy->share[i]);
			name_origin(SETTING_SHARE, a->by, a->origin, sizeof a->origin);
			if (!strcmp(a->origin, "default") && agent)
				snprintf(a->origin, sizeof a->origin, "%s", agent);
			return;
		}
	for (unsigned i = 0; i < policy->owns; i++) {
		size_t inside;

		if (!view_begins_with(path, len, &policy->own[i].path, &inside))
			continue;
		put_text(a->by, sizeof a->by, &policy->own[i].path);
		strcpy(a->origin, "its owner, who starts there");
	}
}

/* Where the backings are, if that is set. */
static void name_root(struct answer *a)
{
	const char *root = explain.settings.root;

	if (explain.inherited || !root || !*root)
		return;
	policy_plain_path(&(struct text){ root, strlen(root) }, a->root, sizeof a->root);
	name_origin(SETTING_ROOT, a->root, a->root_origin, sizeof a->root_origin);
}

/* Why VIEW, without links and "..", leads where it does. */
static void answer_why(const char *view, struct answer *a)
{
	size_t len = strlen(view), inside;
	int guard = view_guard_of(view, len, &inside);

	if (pt_session.state == SESSION_OFF) {
		a->why = "off";
		name_origin(SETTING_MODE, "off", a->origin, sizeof a->origin);
	} else if (guard < 0) {
		a->why = "elsewhere";
	} else if (view_is_shared(view, len, inside)) {
		a->why = "shared";
		name_pattern(view, len, a);
	} else {
		a->why = "guarded";
		name_guard(guard, a);
		name_root(a);
	}
}

/*
 * A link from before the session may lead into a guarded directory, and then leads to
 * the shared one.
 */
static void look_through_links(const char *path, struct answer *a)
{
	char real[PATH_MAX], parent[PATH_MAX];
	const char *slash = strrchr(path, '/'), *rest = "";
	size_t len, inside;
	int guard;

	if (!realpath(path, real)) {
		/* A file that does not exist yet will be in its directory. */
		snprintf(parent, sizeof parent, "%.*s/.", slash ? (int)(slash - path) : 1,
			 slash ? path : ".");
		if (!realpath(parent, real))
			return;
		rest = slash ? slash + 1 : path;
	}
	len = strlen(real);
	guard = view_guard_of(real, len, &inside);
	if (guard < 0 || view_backing_of(real, len) >= 0 ||
	    view_is_shared(real, len, inside))
		return;
	a->why = "link";
	name_guard(guard, a);
	snprintf(a->real, sizeof a->real, "%s%s%s", real, *rest ? "/" : "", rest);
}

/* Hides the name of a session that ends with this process. */
static void forget_name(char *real)
{
	static const char unknown[] = "<id>/<secret>";
	char *id = strstr(real, "/" ROOT_BEGIN);
	const size_t known = ROOT_ID + 1 + ROOT_SECRET;

	if (!id || view_backing_of(real, strlen(real)) < 0)
		return;
	id += sizeof ROOT_BEGIN;
	memmove(id + sizeof unknown - 1, id + known, strlen(id + known) + 1);
	memcpy(id, unknown, sizeof unknown - 1);
}

/*
 * Makes PATH absolute where it starts in a backing. False where it starts in the shared
 * directory itself, where this process was before the session.
 */
static bool make_absolute(const char *path, char out[RESOLVE_PATH])
{
	char cwd[PATH_MAX];
	const char *from = cwd;
	size_t inside;
	int guard;

	snprintf(out, RESOLVE_PATH, "%s", path);
	if (path[0] == '/' || !getcwd(cwd, sizeof cwd))
		return true;
	guard = view_backing_of(cwd, strlen(cwd));
	if (guard >= 0)
		from += pt_view.policy->guard[guard].prefix.len;
	else if (view_guard_of(cwd, strlen(cwd), &inside) < 0)
		return true;
	else if (!view_is_shared(cwd, strlen(cwd), inside))
		return false;
	snprintf(out, RESOLVE_PATH, "%s/%s", from, path);
	return true;
}

/* Fills in the answer for PATH. 0 or an errno. */
static int fill_answer(const char *path, struct answer *a)
{
	static char absolute[RESOLVE_PATH], view[RESOLVE_PATH];
	bool plain = make_absolute(path, absolute);
	int error = !*path			? ENOENT :
		    strlen(path) >= PATH_MAX ? ENAMETOOLONG : /* for each call */
					       resolve_path(absolute, view, a->real);

	a->by[0] = a->origin[0] = a->root[0] = '\0';
	if (error)
		return error;
	answer_why(view, a);
	if (explain.mounted && !strcmp(a->why, "guarded")) {
		a->why = "mounted";
		snprintf(a->real, sizeof a->real, "%s", view);
	}
	if (!strcmp(a->why, "elsewhere"))
		look_through_links(path, a);
	if (!plain && !strcmp(a->why, "link"))
		a->why = "cwd";
	if (pt_session.started)
		forget_name(a->real);
	return 0;
}

static const char *sentence(const struct answer *a)
{
	if (!strcmp(a->why, "guarded"))
		return "private: below the guarded directory ";
	if (!strcmp(a->why, "mounted"))
		return "private: a session is mounted over the guarded directory ";
	if (!strcmp(a->why, "shared"))
		return "shared: it matches ";
	if (!strcmp(a->why, "link"))
		return "NOT private: by a link from outside into ";
	if (!strcmp(a->why, "cwd"))
		return "NOT private: the working directory is a shared one, in ";
	if (!strcmp(a->why, "off"))
		return "NOT private: the mode is off";
	return "not touched: in no guarded directory";
}

static void write_answer(const char *path, const struct answer *a, bool json)
{
	static bool more;

	if (!json) {
		show_put(stdout, path);
		fputs(" -> ", stdout);
		show_put(stdout, a->real);
		printf(" (%s", sentence(a));
		show_put(stdout, a->by);
		fputs(a->origin[0] ? ", by " : "", stdout);
		show_put(stdout, a->origin);
		if (a->root[0]) {
			fputs("; kept in ", stdout);
			show_put(stdout, a->root);
			fputs(", by ", stdout);
			show_put(stdout, a->root_origin);
		}
		puts(")");
		return;
	}
	fputs(more ? ",\n{\"path\": " : "\n{\"path\": ", stdout);
	more = true;
	json_string(stdout, path);
	json_member(stdout, "leads_to", a->real);
	json_member(stdout, "why", a->why);
	if (a->by[0])
		json_member(stdout, "by", a->by);
	if (a->origin[0])
		json_member(stdout, "decided_by", a->origin);
	if (a->root[0]) {
		json_member(stdout, "root", a->root);
		json_member(stdout, "root_decided_by", a->root_origin);
	}
	putchar('}');
}

/*
 * Whether the file NAME is no program, though it may be that only others can execute it or
 * look at it: sections apply to such programs, too.
 */
static bool is_no_program(const char *name)
{
	struct stat st;

	return stat(name, &st) == 0 &&
	       (!S_ISREG(st.st_mode) || !(st.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)));
}

/*
 * The program that the settings are for: NAME as the kernel will report it, found as a
 * command is. False: there is none, as the user is told. An answer for a misspelt name would
 * be that of no section.
 */
static bool find_program(const char *name)
{
	char path[PATH_MAX], option[PATH_MAX + 16];
	struct command_report found;
	int error = command_find(name, path);

	if (!error) {
		origin_program(path, explain.program);
		return true;
	}
	found = command_report(name, error);
	if (!found.absent && strchr(name, '/') && !is_no_program(name)) {
		origin_program(name, explain.program);
		return true;
	}
	snprintf(option, sizeof option, "--program %s", *name ? name : "''");
	report(option, found.what, found.error,
	       found.absent ? found.remedy : "name a program");
	return false;
}

/*
 * Uses the policy of the session that this runs in; else starts a session, to see its
 * policy. 0 or an errno.
 */
static int begin_policy(const struct options *options)
{
	static struct lease outer;
	struct settings settings;
	int error;

	explain.options = options;
	explain.inherited = !options->program && outer_session(&outer);
	if (explain.inherited)
		return 0;
	if (options->program && !find_program(options->program))
		return ENOENT;
	if (!tool_settings(options, explain.program, &explain.settings))
		return EINVAL;
	settings = explain.settings;
	settings.keep = NULL;
	settings.onfail = NULL;
	pt_session.main_reached = true;
	error = session_enter(environ, &settings, NULL);
	if (error && !pt_session.reported)
		session_report();
	return error;
}

int tool_explain(const struct options *options, int argc, char **argv)
{
	static struct answer a;
	int failed = 0;

	if (argc < 1) {
		options_complain(options->command, "explain", "no path given");
		return STATUS_USAGE;
	}
	if (begin_policy(options))
		return STATUS_USAGE;
	explain.mounted = !options->program && inside_ask(&pt_session.lease.policy);
	if (options->json)
		fputs("{\"paths\": [", stdout);
	for (int i = 0; i < argc; i++) {
		int error = fill_answer(argv[i], &a);

		if (error) {
			show_report(argv[i], "leads nowhere", error, remedy_of(error));
			failed = 1;
		} else {
			write_answer(argv[i], &a, options->json);
		}
	}
	if (options->json)
		puts("\n]}");
	session_leave(false);
	return options_written(failed);
}
