/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The files' lives as a picture: a row for each name, with what it was named and by whom
 * beside a strip of time. A strip has no scale of its own: its places are percentages, so
 * that it is as wide as the page and its marks stay as they are.
 */
#include "html.h"
#include "parts.h"

#include <stdlib.h>
#include <string.h>

enum {
	MOST_ROWS = 300,
	MOST_MARKS = 100, /* in one row */
	MOST_TOLD = 8,	  /* who did something, in words, in one row */
};

/* What happens to a file, and its mark, drawn round 0, 0. */
static const struct {
	const char *what, *shape;
} kinds[] = {
	{ "made", "<circle r=\"6\" fill=\"currentColor\"/>" },
	{ "opened", "<circle r=\"4.5\" fill=\"none\" stroke=\"currentColor\" "
		    "stroke-width=\"2.5\"/>" },
	{ "renamed", "<path d=\"M0-7 7 0 0 7-7 0z\" fill=\"currentColor\"/>" },
	{ "removed", "<path d=\"M-5-5 5 5M-5 5 5-5\" stroke=\"currentColor\" "
		     "stroke-width=\"3\"/>" },
	{ "left", "<path d=\"M-5-5H5V5H-5z\" fill=\"currentColor\"/>" },
};

enum { KINDS = sizeof kinds / sizeof *kinds };

static size_t kind_of(const struct file_event *e)
{
	size_t kind = 0;

	while (kind < KINDS && strcmp(kinds[kind].what, e->what) != 0)
		kind++;
	return kind;
}

/* The span of time that the strips show, in seconds from the report's start. */
struct span {
	double first, last;
};

static struct span span_of(const struct report *report)
{
	struct span span = { 0, 0 };

	for (size_t i = 0; i < report->n_events; i++) {
		double at = seconds_since(report, report->events[i].time);

		if (at < span.first)
			span.first = at;
		if (at > span.last)
			span.last = at;
	}
	if (report->end.tv_sec && seconds_since(report, report->end) > span.last)
		span.last = seconds_since(report, report->end);
	if (span.last - span.first < 1e-6)
		span.last = span.first + 1e-6;
	return span;
}

static double percent(const struct report *report, const struct span *span,
		      const struct file_event *e)
{
	return 100 * (seconds_since(report, e->time) - span->first) /
	       (span->last - span->first);
}

static int compare_events(const void *left, const void *right)
{
	const struct file_event *a = *(const struct file_event *const *)left;
	const struct file_event *b = *(const struct file_event *const *)right;
	int order = strcmp(a->path, b->path);

	if (order)
		return order;
	if (a->time.tv_sec != b->time.tv_sec)
		return a->time.tv_sec < b->time.tv_sec ? -1 : 1;
	if (a->time.tv_nsec != b->time.tv_nsec)
		return a->time.tv_nsec < b->time.tv_nsec ? -1 : 1;
	return a < b ? -1 : a > b;
}

/* A file's events, in the order in which they came. */
struct life {
	const struct file_event *const *row;
	size_t n;
};

static int compare_lives(const void *left, const void *right)
{
	const struct life *a = left, *b = right;
	const struct timespec *x = &a->row[0]->time, *y = &b->row[0]->time;

	if (x->tv_sec != y->tv_sec)
		return x->tv_sec < y->tv_sec ? -1 : 1;
	if (x->tv_nsec != y->tv_nsec)
		return x->tv_nsec < y->tv_nsec ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

/* The lives that the N events in ORDER are, the one that began first in front. */
static struct life *lives_of(const struct file_event *const *order, size_t n,
			     size_t *lives)
{
	struct life *all = calloc(n + 1, sizeof *all);

	*lives = 0;
	for (size_t i = 0; all && i < n; i++) {
		if (i == 0 || strcmp(order[i]->path, order[i - 1]->path) != 0)
			all[(*lives)++].row = order + i;
		all[*lives - 1].n++;
	}
	if (all)
		qsort(all, *lives, sizeof *all, compare_lives);
	return all;
}

/* What can be shown, a file's events together. */
static const struct file_event **events_by_path(const struct report *report, size_t *n)
{
	const struct file_event **order = calloc(report->n_events + 1, sizeof(void *));

	*n = 0;
	if (!order)
		return NULL;
	for (size_t i = 0; i < report->n_events; i++)
		if (report->events[i].path && report->events[i].what &&
		    kind_of(&report->events[i]) < KINDS)
			order[(*n)++] = &report->events[i];
	qsort(order, *n, sizeof(void *), compare_events);
	return order;
}

static void put_who(const struct report *report, const struct file_event *e, FILE *out)
{
	const struct audit_process *p = process_at(report, e->pid, e->time);

	html_text(out, p && p->program ? p->program : "?");
	fprintf(out, "[%d]", e->pid);
}

/* Writes "made by sh[12], opened by cat[13]", without events that repeat the one before. */
static void put_words(const struct report *report, const struct file_event *const *row,
		      size_t n, FILE *out)
{
	const struct file_event *last = NULL;
	unsigned told = 0;

	fputs("<div class=\"soft\">", out);
	for (size_t i = 0; i < n; i++) {
		const struct file_event *e = row[i];

		if (last && last->pid == e->pid && !strcmp(last->what, e->what))
			continue;
		if (told++ == MOST_TOLD) {
			fputs(", \342\200\246", out); /* an ellipsis */
			break;
		}
		fprintf(out, "%s<span class=\"%s\">%s</span> by ", last ? ", " : "",
			kinds[kind_of(e)].what, kinds[kind_of(e)].what);
		put_who(report, e, out);
		last = e;
	}
	fputs("</div>", out);
}

static void put_mark(const struct report *report, const struct span *span,
		     const struct file_event *e, FILE *out)
{
	size_t kind = kind_of(e);

	fprintf(out,
		"<svg x=\"%.2f%%\" y=\"50%%\" width=\"1\" height=\"1\" class=\"%s\">"
		"<title>%s by ",
		percent(report, span, e), kinds[kind].what, kinds[kind].what);
	put_who(report, e, out);
	fprintf(out, " after %.4f s</title>%s</svg>", seconds_since(report, e->time),
		kinds[kind].shape);
}

static void put_strip(const struct report *report, const struct span *span,
		      const struct file_event *const *row, size_t n, FILE *out)
{
	const struct file_event *last = row[n - 1];
	bool removed = !strcmp(last->what, "removed");

	fputs("<svg role=\"img\"><title>", out);
	html_text(out, row[0]->path);
	fputs("</title>", out);
	for (int tick = 0; tick <= 100; tick += 25)
		fprintf(out,
			"<line class=\"tick\" x1=\"%d%%\" x2=\"%d%%\" y1=\"0\" "
			"y2=\"100%%\"/>",
			tick, tick);
	fprintf(out,
		"<line class=\"life\" x1=\"%.2f%%\" x2=\"%.2f%%\" y1=\"50%%\" "
		"y2=\"50%%\"/>",
		percent(report, span, row[0]),
		removed ? percent(report, span, last) : 100.0);
	for (size_t i = 0; i < n && i < MOST_MARKS; i++)
		put_mark(report, span, row[i], out);
	if (n > MOST_MARKS) /* the last ones matter most */
		put_mark(report, span, last, out);
	fputs("</svg>", out);
}

static void put_row(const struct report *report, const struct span *span,
		    const struct life *life, FILE *out)
{
	fputs("<div class=\"row\"><div>", out);
	html_element(out, "span", "path", life->row[0]->path);
	put_words(report, life->row, life->n, out);
	fputs("</div>", out);
	put_strip(report, span, life->row, life->n, out);
	fputs("</div>\n", out);
}

static void put_key(const struct span *span, FILE *out)
{
	fputs("<div class=\"key\">", out);
	for (size_t i = 0; i < KINDS; i++)
		fprintf(out,
			"<span class=\"%s\"><svg viewBox=\"-8 -8 16 16\" "
			"aria-hidden=\"true\">%s</svg> %s</span>",
			kinds[i].what, kinds[i].shape, kinds[i].what);
	fputs("</div>\n<div class=\"row\"><div class=\"none\"></div><div class=\"axis\">",
	      out);
	for (int i = 0; i <= 4; i++)
		fprintf(out, "<span>%.3g s</span>",
			span->first + i * (span->last - span->first) / 4);
	fputs("</div></div>\n", out);
}

static void put_lives(const struct report *report, const struct life *all, size_t n,
		      FILE *out)
{
	const struct span span = span_of(report);

	fputs("<h2>Files</h2>\n<div class=\"box\">\n", out);
	put_key(&span, out);
	for (size_t i = 0; i < n && i < MOST_ROWS; i++)
		put_row(report, &span, &all[i], out);
	if (n > MOST_ROWS)
		fprintf(out, "<p class=\"soft\">%zu more names are left out.</p>\n",
			n - MOST_ROWS);
	fputs("</div>\n", out);
}

void html_timeline(const struct report *report, FILE *out)
{
	const struct file_event **order;
	struct life *all = NULL;
	size_t events, n = 0;

	order = events_by_path(report, &events);
	if (order)
		all = lives_of(order, events, &n);
	if (n)
		put_lives(report, all, n, out);
	free(all);
	free(order);
}
