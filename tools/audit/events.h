/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A trace as a sorted list of events. */
#ifndef PRIVTMP_AUDIT_EVENTS_H
#define PRIVTMP_AUDIT_EVENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "calls.h"
#include "names.h"
#include "trace_file.h"

/* An image: a process between two calls of exec. */
struct actor {
	const struct trace_image *image;
	const char *program;	  /* "/usr/bin/bash"; never NULL */
	const char *command_line; /* never NULL */
	const char *script;	  /* what an interpreter runs; or NULL */
	const struct event *exec; /* the exec that ends this image; or NULL */
};

/* What is known of a name over the whole run. */
struct life;
struct event;

struct event {
	const struct trace_record *record;
	const struct call *call;
	struct actor *actor;
	const char *path, *other; /* NULL: none */
	struct life *life, *other_life;
};

struct history {
	const struct trace_file *file;
	struct actor *actors; /* by the number of the image */
	size_t n_actors;
	struct event *events;
	size_t n_events;
	const struct actor *root; /* the audited command; or NULL */
	struct name_sources sources;
	bool lacks; /* a text that there was no memory for */
};

/* Reads all of FILE. False: there is no memory. */
bool history_read(struct history *history, const struct trace_file *file);

/* Where the texts of the processes come from: what ACTOR's names are judged by. */
const struct name_sources *history_sources(struct history *history,
					   const struct actor *actor);

/* Whether PATH comes from the user, by the command's arguments or environment. */
bool history_asked_for(const struct history *history, const char *path);

/* The next event of the same process after E, or NULL. */
const struct event *next_event(const struct history *history, const struct event *event);

/* "/usr/bin/python3.11" runs scripts. */
bool is_interpreter(const char *program);

#endif
