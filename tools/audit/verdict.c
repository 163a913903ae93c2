/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The list of findings, and the lives of names; see judge.h. */
#include "judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sites.h"

/* -- Names -- */

enum { CHAINS = 4096 };
static struct life *chains[CHAINS];

static size_t chain_of(const char *path, size_t len)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)path[i]) * 16777619u;
	return hash % CHAINS;
}

static struct life *find(const char *path, size_t len)
{
	for (struct life *life = chains[chain_of(path, len)]; life; life = life->next)
		if (strlen(life->path) == len && !memcmp(life->path, path, len))
			return life;
	return NULL;
}

struct life *life_of(const char *path)
{
	const size_t len = strlen(path), chain = chain_of(path, len);
	struct life *life = find(path, len);

	if (life)
		return life;
	life = calloc(1, sizeof *life);
	if (!life)
		return NULL;
	life->path = path;
	life->next = chains[chain];
	chains[chain] = life;
	return life;
}

struct life *life_of_parent(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? find(path, (size_t)(slash - path)) : NULL;
}

void lives_each(void (*visit)(struct life *life, void *data), void *data)
{
	for (size_t i = 0; i < CHAINS; i++)
		for (struct life *life = chains[i]; life; life = life->next)
			visit(life, data);
}

/* -- Findings -- */

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/*
 * One that differs from FINDING only in process, or in a name of the same shape; NULL: there
 * is none.
 */
static struct finding *find_alike(struct report *report, const struct finding *finding)
{
	char shape[17], other[17];

	finding_fingerprint(finding, shape);
	for (size_t i = 0; i < report->n_findings; i++) {
		struct finding *f = &report->findings[i];

		if (f->rule != finding->rule || !same(f->call, finding->call) ||
		    !same(f->site.module, finding->site.module) ||
		    f->site.offset != finding->site.offset ||
		    !same(f->site.script, finding->site.script) ||
		    f->site.script_line != finding->site.script_line)
			continue;
		finding_fingerprint(f, other);
		if (!strcmp(shape, other))
			return f;
	}
	return NULL;
}

static void *grow(struct verdicts *v, void *array, size_t have, size_t *room, size_t size)
{
	void *grown;

	if (have < *room)
		return array;
	grown = realloc(array, (*room + 256) * size);
	if (!grown) {
		v->failed = true;
		return NULL;
	}
	*room += 256;
	return grown;
}

/* Adds FINDING, or increments the count of an equal one. */
static struct finding *add(struct verdicts *v, const struct finding *finding)
{
	struct report *report = v->report;
	struct finding *alike = find_alike(report, finding), *grown;

	if (alike) {
		alike->count += finding->count;
		if (finding->severity > alike->severity)
			alike->severity = finding->severity;
		return alike;
	}
	grown = grow(v, report->findings, report->n_findings, &v->room, sizeof *grown);
	if (!grown)
		return NULL;
	report->findings = grown;
	report->findings[report->n_findings] = *finding;
	return &report->findings[report->n_findings++];
}

struct finding *verdict(struct verdicts *v, enum rule_id rule, enum severity severity,
			const struct event *event, const char *path, const char *format,
			...)
{
	struct finding finding = { .rule = rule, .severity = severity, .path = path };
	char *message;
	va_list list;
	int n;

	va_start(list, format);
	n = vasprintf(&message, format, list);
	va_end(list);
	if (n < 0) {
		v->failed = true;
		return NULL;
	}
	finding.message = message;
	finding.call = event->call->name;
	finding.args = event_arguments(event);
	site_of(v->history, event, &finding.site);
	finding.pid = event->actor->image->pid;
	finding.program = event->actor->program;
	finding.time = trace_time(event->record->time);
	finding.count = event->record->count ? event->record->count : 1;
	return add(v, &finding);
}

enum { TIMELINE = 5000 /* file events that a report shows */ };

void timeline(struct verdicts *v, const char *path, const char *what,
	      const struct event *event)
{
	struct report *report = v->report;
	struct file_event *grown;

	if (report->n_events >= TIMELINE)
		return;
	grown = grow(v, report->events, report->n_events, &v->event_room, sizeof *grown);
	if (!grown)
		return;
	report->events = grown;
	report->events[report->n_events++] = (struct file_event){
		.path = path,
		.what = what,
		.pid = event ? event->actor->image->pid : 0,
		.time = event ? trace_time(event->record->time) : v->report->end,
	};
}
