/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Attacks the names that a command uses; see attack.h. */
#include "attack.h"
#include "core/report.h"
#include "parts.h"
#include "plant.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	NAMES = 16,   /* names that are attacked */
	PATIENCE = 10 /* seconds for an attacked command */
};

/* The attack that WORD ("link:/tmp/x") names; NULL: none. */
static const struct plant *plant_of(const char *word, const char **path)
{
	const char *colon = strchr(word, ':');
	const struct plant *plant = colon ? plant_named(word, (size_t)(colon - word)) :
					    NULL;

	*path = colon ? colon + 1 : NULL;
	return plant && **path == '/' ? plant : NULL;
}

/* How an attack went. */
struct outcome {
	bool used, read, written; /* what happened to the planted file */
	bool stuck, failed;
	const struct event *event; /* the first event on the name; NULL: it was not used */
};

static void look_at_event(const struct event *e, struct outcome *out)
{
	const unsigned flags = event_flags(e);

	if (e->record->error || e->record->before.type == TRACE_ABSENT)
		return;
	if (e->call->kind == CALL_OPEN || e->call->kind == CALL_STREAM ||
	    e->call->kind == CALL_CREAT) {
		out->read |= (flags & O_ACCMODE) != O_WRONLY;
		out->written |= (flags & O_ACCMODE) != O_RDONLY;
	}
	out->used |= e->call->kind == CALL_EXEC || e->call->kind == CALL_LOAD ||
		     e->call->kind == CALL_CHMOD || e->call->kind == CALL_CHOWN ||
		     e->call->kind == CALL_SIZE;
}

/* Whether PATH is below DIR. */
static bool is_in(const char *path, const char *dir)
{
	const size_t len = strlen(dir);

	return !strncmp(path, dir, len) && path[len] == '/';
}

static bool is_look(const struct event *e)
{
	return e->call->kind == CALL_LOOK || e->call->kind == CALL_LOOK_LINK;
}

static void look_at(const struct history *h, const char *path, struct outcome *out)
{
	for (size_t i = 0; i < h->n_events; i++) {
		const struct event *e = &h->events[i];

		if (!e->path || (e->record->flags & (TRACE_TOLD | TRACE_VARIABLE_TOLD)))
			continue;
		if (!strcmp(e->path, path)) {
			/*
			 * An event that changes something is preferred to one that looks.
			 */
			if (!out->event || (is_look(out->event) && !is_look(e)))
				out->event = e;
			look_at_event(e, out);
		} else if (is_in(e->path, path) && event_creates(e) &&
			   !e->record->error) {
			out->used = true;
		}
	}
}

/* A command that repeats the attack. */
static char *proof_of(const char *word, char **argv)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fputs("privtmp audit --attack=", out);
	put_shell_word(out, word);
	fputs(" --", out);
	for (; *argv; argv++) {
		putc(' ', out);
		put_shell_word(out, *argv);
	}
	fclose(out);
	return text;
}

static void prove(struct verdicts *v, enum rule_id rule, enum severity severity,
		  const struct outcome *o, const char *path, const char *word,
		  char **argv, const char *what)
{
	struct finding *finding = verdict(v, rule, severity, o->event, path, "%s", what);

	if (finding && !finding->proof)
		finding->proof = proof_of(word, argv);
}

static void judge_outcome(struct verdicts *v, const struct plant *plant,
			  const struct outcome *o, const char *path, const char *word,
			  char **argv)
{
	switch (plant->kind) {
	case PLANT_LINK:
		if (o->written)
			prove(v, RULE_FOLLOWED_LINK, SEVERITY_HIGH, o, path, word, argv,
			      "a planted link was followed, and what it led to was changed");
		else if (o->read || o->used)
			prove(v, RULE_FOLLOWED_LINK, SEVERITY_MEDIUM, o, path, word, argv,
			      "a planted link was followed, and what it led to was read");
		break;
	case PLANT_DANGLING:
		if (o->written)
			prove(v, RULE_FOLLOWED_LINK, SEVERITY_HIGH, o, path, word, argv,
			      "a planted link was followed, and a file was made where it led");
		break;
	case PLANT_FILE:
		if (o->written)
			prove(v, RULE_MISSING_EXCLUSIVE, SEVERITY_HIGH, o, path, word,
			      argv,
			      "a planted file was written to, which who planted it can read");
		else if (o->read || o->used)
			prove(v, RULE_FOREIGN_OBJECT, SEVERITY_HIGH, o, path, word, argv,
			      "a planted file was read");
		break;
	case PLANT_FIFO:
		if (o->stuck)
			prove(v, RULE_FOREIGN_OBJECT, SEVERITY_MEDIUM, o, path, word,
			      argv, "a planted FIFO made the command wait for ever");
		break;
	case PLANT_DIRECTORY:
		if (o->used)
			prove(v, RULE_MISSING_EXCLUSIVE, SEVERITY_HIGH, o, path, word,
			      argv,
			      "a planted directory was used, which who planted it controls");
		else if (o->failed)
			prove(v, RULE_PREDICTABLE_NAME, SEVERITY_LOW, o, path, word, argv,
			      "a planted directory made the command fail");
		break;
	}
}

static const struct event *first_event(const struct history *h, const char *path)
{
	for (size_t i = 0; i < h->n_events; i++)
		if (h->events[i].path && !strcmp(h->events[i].path, path) &&
		    !is_look(&h->events[i]))
			return &h->events[i];
	return NULL;
}

bool attack_is_word(const char *word)
{
	const char *path;

	if (plant_of(word, &path))
		return true;
	report(word, "is no attack", 0,
	       "say link, dangling, file, fifo or directory, a colon and a path");
	return false;
}

void attack_one(struct verdicts *v, const struct options *options, char **argv,
		const char *word, int normal)
{
	struct history history, *before = v->history;
	struct outcome outcome = { .used = false };
	struct trace_file trace;
	const struct plant *plant;
	const char *path;
	int status;

	if (attack_ended())
		return;
	plant = plant_of(word, &path);
	if (plant)
		path = strdup(path);
	if (!plant || !path || trace_make(&trace, NULL, NULL) < 0)
		return;
	plant_bait(&trace);
	status = attack_run(options, argv, &trace, word, PATIENCE, true);
	outcome.stuck = status < 0;
	outcome.failed = status != normal;
	if (trace_settle(&trace) && history_read(&history, &trace)) {
		look_at(&history, path, &outcome);
		if (plant->kind == PLANT_LINK || plant->kind == PLANT_DANGLING)
			outcome.written = plant_bitten(&trace, plant->kind);
		if (outcome.event)
			v->history = &history;
		else if (outcome.stuck) /* in a call that did not return */
			outcome.event = first_event(before, path);
		if (outcome.event)
			judge_outcome(v, plant, &outcome, path, word, argv);
		v->history = before;
	}
	plant_clear(&trace);
	trace_remove(&trace);
}

/* Selects the names to attack. */
struct targets {
	const char *path[NAMES];
	size_t n;
};

static void take_target(struct life *life, void *data)
{
	struct targets *targets = data;

	/* The name is the same in another run, and is used or made. */
	if (targets->n < NAMES && life->target)
		targets->path[targets->n++] = life->path;
}

void attack_all(struct verdicts *v, const struct options *options, char **argv,
		int normal)
{
	struct targets targets = { .n = 0 };

	lives_each(take_target, &targets);
	for (size_t i = 0; i < targets.n; i++)
		for (const struct plant *plant = plants; plant->name; plant++) {
			char word[PATH_MAX + 16];

			snprintf(word, sizeof word, "%s:%s", plant->name,
				 targets.path[i]);
			attack_one(v, options, argv, word, normal);
		}
}
