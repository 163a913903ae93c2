/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * privtmp explain: where a path leads, and why. By the policy of the session
 * that this is run in, or of the one that would be started.
 */
#include "json.h"
#include "raw.h"
#include "report.h"
#include "session.h"
#include "tool.h"
#include "view.h"
#include "walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct answer {
	const char *why;	/* "guarded", "shared", "elsewhere", "link" */
	char real[WALK_ROOM + WALK_PATH];
	char by[512];		/* the guarded directory or the pattern */
};

/* Stands for what is not known before a session is started. */
static int name_root(const char *dir, size_t len, char *out, size_t size)
{
	return snprintf(out, size, "%.*s/" SESSION_PREFIX "<id>", (int)len,
			dir) < (int)size ? 0 : -1;
}

/* The policy of the session that this process was started in. */
static bool use_session(struct lease *lease)
{
	const char *value = getenv(SESSION_VARIABLE);
	const char *root = value ? strchr(value, '/') : NULL;
	int fd = root ? lease_open(root) : -1, ret;

	if (fd < 0)
		return false;
	ret = lease_read(fd, lease);
	raw_close(fd);
	return ret == 0;
}

/* The policy of a session that would be started now. */
static bool use_settings(const struct settings *settings, struct policy *policy)
{
	static char text[POLICY_TEXT_MAX];
	struct policy_error error = { NULL, NULL, NULL };
	int n = policy_compose(settings, environ, name_root, text, sizeof text,
			       &error);

	if (n >= 0 && policy_parse(text, (size_t)n, policy) == 0)
		return true;
	report(error.what ? error.what : "policy",
	       error.value ? error.value : "cannot be used", EINVAL,
	       error.remedy ? error.remedy : "name fewer paths");
	return false;
}

static void put_text(char *out, size_t size, const struct text *text)
{
	snprintf(out, size, "%.*s", (int)text->len, text->at);
}

/* The pattern because of which PATH is shared. */
static void name_pattern(const char *path, size_t len, struct answer *a)
{
	const struct policy *policy = pt_view.policy;

	for (unsigned i = 0; i < policy->shares; i++)
		if (policy_glob(&policy->share[i], path, len)) {
			put_text(a->by, sizeof a->by, &policy->share[i]);
			return;
		}
}

/* Fills in the answer for PATH, in view terms and without links or "..". */
static void answer_plain(const char *path, struct answer *a)
{
	size_t len = strlen(path), inside;
	int guard = view_guard_of(path, len, &inside);

	a->why = "elsewhere";
	snprintf(a->real, sizeof a->real, "%s", path);
	if (guard < 0)
		return;
	if (view_is_shared(path, len, inside)) {
		a->why = "shared";
		name_pattern(path, len, a);
		return;
	}
	const struct guard *g = &pt_view.policy->guard[guard];

	a->why = "guarded";
	put_text(a->by, sizeof a->by, &g->view);
	snprintf(a->real, sizeof a->real, "%.*s%s", (int)g->root.len,
		 g->root.at, path);
}

/* Follows PATH as the shim does. 0 or an errno. */
static int answer_walk(const char *path, struct answer *a)
{
	int error, ret;
	struct walk *walk = walk_begin(&error);

	if (!walk)
		return error;
	ret = walk_path(walk, AT_FDCWD, path, strlen(path), FOLLOW);
	if (ret == 0 && walk->crossed) {
		answer_plain(walk_view(walk), a);
	} else if (ret == 0) {
		a->why = "elsewhere";
		snprintf(a->real, sizeof a->real, "%s", path);
	}
	walk_end(walk);
	return -ret;
}

/*
 * A link that was there before may lead into a guarded directory without the
 * path's saying so; that is the shared one then.
 */
static void look_through_links(const char *path, struct answer *a)
{
	char real[PATH_MAX];
	size_t len, inside;
	int guard;

	if (!realpath(path, real))
		return;
	len = strlen(real);
	guard = view_guard_of(real, len, &inside);
	if (guard < 0 || view_backing_of(real, len) >= 0 ||
	    view_is_shared(real, len, inside))
		return;
	a->why = "link";
	put_text(a->by, sizeof a->by, &pt_view.policy->guard[guard].view);
	snprintf(a->real, sizeof a->real, "%s", real);
}

/* 0 or an errno. */
static int answer(const char *path, struct answer *a)
{
	unsigned guard;
	size_t len;
	int error = 0;

	memset(a, 0, sizeof *a);
	switch (view_kind(path, true, &guard, &len)) {
	case VIEW_GUARDED:
		answer_plain(path, a);
		break;
	case VIEW_WALK:
		error = answer_walk(path, a);
		break;
	default:
		a->why = "elsewhere";
		snprintf(a->real, sizeof a->real, "%s", path);
		break;
	}
	if (!error && !strcmp(a->why, "elsewhere"))
		look_through_links(path, a);
	return error;
}

static const char *sentence(const struct answer *a)
{
	if (!strcmp(a->why, "guarded"))
		return "private: below the guarded directory ";
	if (!strcmp(a->why, "shared"))
		return "shared: it matches ";
	if (!strcmp(a->why, "link"))
		return "NOT private: by a link from outside into ";
	return "not touched: in no guarded directory";
}

static void write_answer(const char *path, const struct answer *a, bool json,
			 bool first)
{
	if (!json) {
		printf("%s -> %s (%s%s)\n", path, a->real, sentence(a), a->by);
		return;
	}
	fputs(first ? "\n{\"path\": " : ",\n{\"path\": ", stdout);
	json_string(stdout, path);
	fputs(", \"leads_to\": ", stdout);
	json_string(stdout, a->real);
	printf(", \"why\": \"%s\"", a->why);
	if (a->by[0]) {
		fputs(", \"by\": ", stdout);
		json_string(stdout, a->by);
	}
	putchar('}');
}

int tool_explain(const struct options *options, int argc, char **argv)
{
	static struct lease lease;
	static struct answer a;
	static struct policy policy;
	int failed = 0;

	if (argc < 1) {
		options_complain(options->command, "explain", "no path given");
		return STATUS_USAGE;
	}
	if (use_session(&lease))
		view_use(&lease.policy,
			 (const unsigned char *)lease.text + LEASE_LINKS);
	else if (use_settings(&options->settings, &policy))
		view_use(&policy, NULL);
	else
		return STATUS_USAGE;
	if (options->json)
		fputs("{\"paths\": [", stdout);
	for (int i = 0; i < argc; i++) {
		int error = answer(argv[i], &a);

		if (error) {
			report(argv[i], "leads nowhere", error, NULL);
			failed = 1;
		} else {
			write_answer(argv[i], &a, options->json, i == 0);
		}
	}
	if (options->json)
		puts("\n]}");
	return options_written(failed);
}
