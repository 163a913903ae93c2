/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The forest of processes, as nested lists. */
#include "html.h"
#include "parts.h"

#include <stdlib.h>
#include <sys/wait.h>

enum {
	MOST_PROCESSES = 1000,
	DEEPEST = 24, /* deeper ones stand beside their parents */
};

struct forest {
	const struct report *report;
	size_t n;
	/* Of each, the place of its parent; n: none. */
	size_t *parent;
	bool *shown;
	FILE *out;
};

/* A parent began before its child: with times that are alike, its record comes first. */
static size_t parent_of(const struct forest *forest, size_t child)
{
	const struct audit_process *all = forest->report->processes;
	const struct audit_process *p =
		process_at(forest->report, all[child].parent, all[child].start);
	size_t at = p ? (size_t)(p - all) : forest->n;

	return at < child ? at : forest->n;
}

static void put_end(FILE *out, const struct audit_process *p)
{
	if (p->status < 0)
		return;
	if (WIFSIGNALED(p->status))
		fprintf(out, " <span class=\"soft\">killed by signal %d</span>",
			WTERMSIG(p->status));
	else if (WEXITSTATUS(p->status))
		fprintf(out, " <span class=\"soft\">exit status %d</span>",
			WEXITSTATUS(p->status));
}

static void put_process(const struct forest *forest, size_t at)
{
	const struct audit_process *p = &forest->report->processes[at];

	html_element(forest->out, "code", NULL,
		     p->command_line ? p->command_line :
		     p->program	     ? p->program :
				       "?");
	fprintf(forest->out, " <span class=\"soft\">%d, %.3f s", p->pid,
		seconds_since(forest->report, p->start));
	if (p->end.tv_sec)
		fprintf(forest->out, " to %.3f s", seconds_since(forest->report, p->end));
	fputs("</span>", forest->out);
	put_end(forest->out, p);
}

static void put_children(const struct forest *forest, size_t parent, unsigned depth)
{
	bool some = false;

	for (size_t i = 0; i < forest->n; i++) {
		if (forest->parent[i] != parent || forest->shown[i])
			continue;
		fputs(some ? "<li>" : "<ul><li>", forest->out);
		some = true;
		forest->shown[i] = true;
		put_process(forest, i);
		if (depth < DEEPEST)
			put_children(forest, i, depth + 1);
		fputs("</li>\n", forest->out);
	}
	if (some)
		fputs("</ul>", forest->out);
}

/* What lies too deep, without its place in the tree. */
static void put_rest(const struct forest *forest)
{
	for (size_t i = 0; i < forest->n; i++)
		if (!forest->shown[i]) {
			fputs("<p>", forest->out);
			put_process(forest, i);
			fputs("</p>\n", forest->out);
		}
	if (forest->report->n_processes > forest->n)
		fprintf(forest->out, "<p class=\"soft\">%zu more are left out.</p>\n",
			forest->report->n_processes - forest->n);
}

void html_processes(const struct report *report, FILE *out)
{
	struct forest forest = { .report = report, .n = report->n_processes, .out = out };

	if (forest.n > MOST_PROCESSES)
		forest.n = MOST_PROCESSES;
	if (forest.n == 0)
		return;
	forest.parent = calloc(forest.n, sizeof *forest.parent);
	forest.shown = calloc(forest.n, sizeof *forest.shown);
	if (forest.parent && forest.shown) {
		for (size_t i = 0; i < forest.n; i++)
			forest.parent[i] = parent_of(&forest, i);
		fputs("<h2>Processes</h2>\n<div class=\"box\">\n", out);
		put_children(&forest, forest.n, 0);
		put_rest(&forest);
		fputs("</div>\n", out);
	}
	free(forest.parent);
	free(forest.shown);
}
