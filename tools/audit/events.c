/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading a trace; see events.h. */
#include "events.h"
#include "core/owner.h"
#include "policy/text.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../users.h"

bool is_interpreter(const char *program)
{
	static const char *const names[] = { "sh",   "bash",   "dash",	"ksh",	"zsh",
					     "mksh", "python", "perl",	"ruby", "php",
					     "lua",  "node",   "tclsh", "gawk", "mawk",
					     "awk",  "busybox" };
	const char *name = text_base(program);

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const size_t len = strlen(names[i]);

		/* "python3.11" */
		if (!strncmp(name, names[i], len) &&
		    strspn(name + len, "0123456789.") == strlen(name + len))
			return true;
	}
	return false;
}

/* Whether the script itself follows the option, of LEN bytes: -c of all, -e of most. */
static bool takes_script(const char *program, const char *option, size_t len)
{
	const char *name = text_base(program);

	/* A shell's -e is another thing, as in "#!/bin/sh -e"; its -c may come last: "-ec". */
	if (strstr(name, "sh") || !strcmp(name, "busybox"))
		return memchr(option + 1, 'c', len - 1);
	return option[1] == 'c' || option[1] == 'e' || option[1] == 'r';
}

/* The first argument of a command line that is not an option, if it is a file's name. */
static const char *script_of(const char *program, const char *command_line)
{
	const char *at = strchr(command_line, ' ');

	while (at) {
		size_t n;

		at += strspn(at, " ");
		n = strcspn(at, " ");
		if (!n)
			return NULL;
		if (*at != '-')
			return strndup(at, n);
		if (n == 2 && at[1] == '-')
			return NULL;
		if (n >= 2 && at[1] != '-' && takes_script(program, at, n))
			return NULL;
		at = strchr(at + n, ' ');
	}
	return NULL;
}

/* A string of the trace; NULL if there is none. */
static char *string_of(struct history *h, trace_string string)
{
	char *text;

	errno = 0;
	text = trace_string_of(h->file, string);
	h->lacks |= !text && errno == ENOMEM;
	return text;
}

static void read_actor(struct history *h, unsigned n)
{
	struct actor *actor = &h->actors[n];
	const struct trace_image *image = trace_image_at(h->file, n);

	actor->program = actor->command_line = "";
	if (!image)
		return;
	actor->image = image;
	actor->program = string_of(h, image->program);
	actor->command_line = string_of(h, image->command_line);
	if (!actor->program)
		actor->program = "";
	if (!actor->command_line)
		actor->command_line = "";
	if (is_interpreter(actor->program))
		actor->script = script_of(actor->program, actor->command_line);
	if (!h->root)
		h->root = actor;
}

static int by_first(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	return x->record->first < y->record->first ? -1 :
						     x->record->first > y->record->first;
}

static bool read_events(struct history *h)
{
	h->events = calloc(trace_records(h->file), sizeof *h->events);
	if (!h->events)
		return false;
	for (unsigned i = 1; i < trace_records(h->file); i++) {
		const struct trace_record *record = trace_record_at(h->file, i);
		struct event *event = &h->events[h->n_events];

		if (!record || record->image >= h->n_actors ||
		    !h->actors[record->image].image)
			continue;
		event->record = record;
		event->call = call_of(record->call);
		event->actor = &h->actors[record->image];
		event->path = string_of(h, record->path);
		event->other = string_of(h, record->other);
		if (event->path || event->other)
			h->n_events++;
	}
	qsort(h->events, h->n_events, sizeof *h->events, by_first);
	return true;
}

/* All processes' numbers, and those of the ones before them. */
static bool read_pids(struct history *h)
{
	int *pids = calloc(2 * h->n_actors + 2, sizeof *pids);
	size_t n = 0;

	if (!pids)
		return false;
	for (size_t i = 0; i < h->n_actors; i++) {
		const struct trace_image *image = h->actors[i].image;

		if (!image)
			continue;
		if (image->pid > 1)
			pids[n++] = image->pid;
		if (image->parent > 1)
			pids[n++] = image->parent;
	}
	h->sources.pids = pids;
	h->sources.n_pids = n;
	return true;
}

static void read_times(struct history *h)
{
	for (size_t i = 0; i < h->n_actors; i++) {
		const struct trace_image *image = h->actors[i].image;

		if (!image)
			continue;
		if (!h->sources.start || image->start / 1000000000 < h->sources.start)
			h->sources.start = image->start / 1000000000;
		if (image->start / 1000000000 > h->sources.end)
			h->sources.end = image->start / 1000000000;
		if (image->end / 1000000000 > h->sources.end)
			h->sources.end = image->end / 1000000000;
	}
	for (size_t i = 0; i < h->n_events; i++)
		if (h->events[i].record->time / 1000000000 > h->sources.end)
			h->sources.end = h->events[i].record->time / 1000000000;
}

bool history_read(struct history *h, const struct trace_file *file)
{
	memset(h, 0, sizeof *h);
	h->file = file;
	h->n_actors = trace_images(file);
	h->actors = calloc(h->n_actors + 1, sizeof *h->actors);
	if (!h->actors)
		return false;
	for (unsigned i = 0; i < h->n_actors; i++)
		read_actor(h, i);
	if (!read_events(h) || !read_pids(h) || h->lacks)
		return false;
	read_times(h);
	return true;
}

const struct event *next_event(const struct history *h, const struct event *event)
{
	for (const struct event *e = event + 1; e < h->events + h->n_events; e++)
		if (e->actor == event->actor)
			return e;
	return NULL;
}

/* -- The texts that names are looked for in -- */

/* A file's contents, until they are no longer needed. */
struct text_file {
	const char *path, *at;
	size_t len;
};

/* Puts what FD's file has into *FILE, if LEFT bytes are enough for it. */
static void read_text(int fd, struct text_file *file, size_t left)
{
	size_t size, have = 0;
	struct stat st;
	ssize_t n = 1;
	char *at;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size <= 0 ||
	    (uint64_t)st.st_size >= left)
		return;
	size = (size_t)st.st_size;
	at = malloc(size);
	/* Not mapped: who may write to it could make it shorter while it is searched. */
	for (; at && n > 0 && have < size; have += (size_t)n) {
		n = pread(fd, at + have, size - have, (off_t)have);
		if (n < 0)
			n = 0;
	}
	if (!have) {
		free(at);
		return;
	}
	file->at = at;
	file->len = have;
}

static const struct text_file *text_of(const char *path)
{
	enum { FILES = 256 };
	/* For all of them. What a sparse file of another user's has is held, too. */
	static size_t left = (size_t)1 << 28;
	static struct text_file files[FILES];
	static size_t n;
	int fd;

	for (size_t i = 0; i < n; i++)
		if (!strcmp(files[i].path, path))
			return &files[i];
	if (n == FILES)
		return NULL;
	files[n].path = strdup(path);
	fd = owner_leads_away(path) ?
		     -1 :
		     open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd >= 0) {
		read_text(fd, &files[n], left);
		left -= files[n].len;
		close(fd);
	}
	return &files[n++];
}

/* Notes the user's name. It may take a process to ask for one, so it is asked for once. */
static void name_user(struct name_sources *s, unsigned uid)
{
	const struct passwd *user;

	if (s->user_asked && s->uid == uid)
		return;
	user = user_of(uid);
	free(s->user);
	s->user = user ? strdup(user->pw_name) : NULL;
	s->uid = uid;
	s->user_asked = true;
}

const struct name_sources *history_sources(struct history *h, const struct actor *actor)
{
	struct name_sources *s = &h->sources;
	const char *const paths[] = { actor->program, actor->script,
				      h->root ? h->root->script : NULL };

	name_user(s, actor->image->uid);
	s->program = text_base(actor->script ? actor->script : actor->program);
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		const struct text_file *file = paths[i] && *paths[i] ? text_of(paths[i]) :
								       NULL;

		s->texts[i] = file ? file->at : NULL;
		s->lengths[i] = file ? file->len : 0;
	}
	s->texts[3] = h->root ? h->root->command_line : NULL;
	s->lengths[3] = h->root ? strlen(h->root->command_line) : 0;
	return s;
}

bool history_asked_for(const struct history *h, const char *path)
{
	const char *line = h->root ? h->root->command_line : "";
	const size_t len = strlen(path);

	/* What is executed by descriptor has none, and each end of a text "contains" it. */
	if (!len)
		return false;
	/* A text of several words can make the path that it names: "sh -c '...'". */
	for (const char *at = line; (at = strstr(at, path)); at++) {
		const char before = at == line ? ' ' : at[-1], behind = at[len];

		if ((before == ' ' || before == '=') && (!behind || behind == ' '))
			return !is_interpreter(h->root->program) || h->root->script;
	}
	return false;
}
