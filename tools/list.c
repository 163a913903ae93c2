/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* privtmp list: the sessions that are there. */
#include "core/report.h"
#include "json.h"
#include "list_table.h"
#include "policy_show.h"
#include "remedy.h"
#include "sessions.h"
#include "tool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void write_json(const struct found *f)
{
	const struct usage usage = f->usage;
	char owner[64];

	user_name(f->owner, owner, sizeof owner);
	fputs("{\"root\": ", stdout);
	json_string(stdout, f->root);
	printf(", \"uid\": %lu, \"user\": ", (unsigned long)f->owner);
	json_string(stdout, owner);
	printf(", \"state\": \"%s\", \"changed\": %lld", found_word(f->state),
	       f->changed);
	if (f->lease)
		printf(", \"files\": %llu, \"bytes\": %llu, \"partly\": %s", usage.files,
		       usage.bytes, usage.partly ? "true" : "false");
	fputs(", \"guards\": ", stdout);
	policy_json_guards(stdout, f->lease ? &f->lease->policy : NULL);
	fputs(", \"members\": [", stdout);
	for (const struct member *m = f->members; m; m = m->next) {
		printf("%s{\"pid\": %ld, \"uid\": %lu, \"door\": %s, \"command\": ",
		       m == f->members ? "" : ", ", (long)m->pid, (unsigned long)m->uid,
		       m->mounts ? "\"mount\"" :
		       m->mapped ? "\"preload\"" :
				   "null");
		json_string(stdout, m->command);
		putchar('}');
	}
	fputs("]}", stdout);
}

/* A further root is shown with its session, if that exists. */
static bool is_told_elsewhere(const struct sessions *s, const struct found *f)
{
	return f->state == FOUND_PART && sessions_at(s, f->primary, f->owner);
}

/* -- Order -- */

static const char *order; /* the word of --sort; NULL: by owner, in the order found */

static int descending(unsigned long long a, unsigned long long b)
{
	return a < b ? 1 : a > b ? -1 : 0;
}

/* The largest first; by age the oldest first. */
static int compare(const void *one, const void *other)
{
	const struct found *a = one, *b = other;
	int ret = 0;

	if (!strcmp(order, "size"))
		ret = descending(a->usage.bytes, b->usage.bytes);
	else if (!strcmp(order, "files"))
		ret = descending(a->usage.files, b->usage.files);
	else if (!strcmp(order, "members"))
		ret = descending(list_members(a), list_members(b));
	else if (!strcmp(order, "age"))
		ret = a->changed < b->changed ? -1 : a->changed > b->changed;
	return ret ? ret : strcmp(a->root, b->root);
}

static void sort(struct sessions *s, const char *by)
{
	order = by;
	if (by && strcmp(by, "owner") != 0 && s->n)
		qsort(s->at, s->n, sizeof *s->at, compare);
}

/* -- Once, or repeatedly -- */

/* ROWS: no more lines than these; 0: all. */
static int show(const struct options *options, int rows)
{
	const struct query query = {
		&options->settings,
		.usage = true,
		.seconds = options->timeout,
	};
	struct sessions sessions;
	bool first = true;

	sessions_find(&query, &sessions);
	sort(&sessions, options->sort);
	if (options->json)
		fputs("{\"sessions\": [", stdout);
	for (size_t i = 0; i < sessions.n; i++) {
		const struct found *f = &sessions.at[i];

		if (is_told_elsewhere(&sessions, f))
			continue;
		if (options->json) {
			fputs(first ? "\n" : ",\n", stdout);
			write_json(f);
		} else {
			if (first)
				list_table_begin(rows);
			list_table_put(f);
		}
		first = false;
	}
	if (options->json)
		puts(first ? "]}" : "\n]}");
	else if (first && options->watch)
		list_table_begin(rows);
	else if (!first)
		list_table_end();
	return options_written(sessions.cut ? 1 : 0);
}

enum {
	INTERVAL = 2,  /* seconds */
	UNWRITTEN = 3, /* what a child ends with whose output failed */
};

/* Output that failed is told apart from a list that is not complete. */
static int show_in_child(const struct options *options, int rows)
{
	const int status = show(options, rows);

	return ferror(stdout) ? UNWRITTEN : status;
}

/* The lines of the terminal; 0: nobody says. */
static int screen_rows(void)
{
	struct winsize size;

	return ioctl(1, TIOCGWINSZ, &size) == 0 ? size.ws_row : 0;
}

/*
 * Repeats until it is ended or nobody reads any more. Each run is in a child, which
 * frees all memory.
 */
static int watch(const struct options *options)
{
	const bool screen = isatty(1) && !options->json;
	int status = 0;

	for (;;) {
		pid_t child;

		if (screen)
			fputs("\033[H\033[2J", stdout);
		fflush(stdout);
		child = fork();
		if (child == 0)
			_exit(show_in_child(options, screen ? screen_rows() : 0));
		if (child < 0 || waitpid(child, &status, 0) != child) {
			report("list", "no process can be started", errno,
			       remedy_of(errno));
			return 1;
		}
		if (!WIFEXITED(status) || WEXITSTATUS(status) == UNWRITTEN)
			return 1;
		if (!screen && !options->json)
			putchar('\n');
		if (options_written(0) != 0)
			return 1;
		sleep(INTERVAL);
	}
}

int tool_list(const struct options *options, int argc, char **argv)
{
	if (argc > 0) {
		options_complain(options->command, argv[0], "list takes no operand");
		return STATUS_USAGE;
	}
	return options->watch ? watch(options) : show(options, 0);
}
