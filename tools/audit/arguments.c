/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A call's arguments as text, and their meaning. */
#include "judge.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

unsigned event_flags(const struct event *event)
{
	switch (event->call->kind) {
	case CALL_OPEN:
	case CALL_STREAM: return event->record->a;
	case CALL_SHARED: return event->record->a;
	case CALL_CREAT: return O_WRONLY | O_CREAT | O_TRUNC;
	default: return 0;
	}
}

bool event_creates(const struct event *event)
{
	switch (event->call->kind) {
	case CALL_OPEN:
	case CALL_STREAM:
	case CALL_SHARED:
	case CALL_CREAT: return event_flags(event) & O_CREAT;
	case CALL_MKDIR:
	case CALL_NODE:
	case CALL_SYMLINK:
	case CALL_BIND:
	case CALL_TEMPLATE:
	case CALL_TEMPLATE_DIR: return true;
	default: return false;
	}
}

bool event_is_exclusive(const struct event *event)
{
	switch (event->call->kind) {
	case CALL_OPEN:
	case CALL_STREAM:
	case CALL_SHARED:
	case CALL_CREAT: return event_flags(event) & O_EXCL;
	case CALL_RENAME: return false;
	default: return event_creates(event) || event->call->kind == CALL_LINK;
	}
}

bool event_follows(const struct event *event)
{
	const struct call *call = event->call;

	if (call->nofollow)
		return false;
	if (call->flag_nofollow && (event->record->a & (unsigned)call->flag_nofollow))
		return false;
	return !((event_flags(event) & O_CREAT) && (event_flags(event) & O_EXCL));
}

bool event_looks_after(const struct history *history, const struct event *event)
{
	if (event_creates(event) || event->call->kind != CALL_OPEN ||
	    event_follows(event))
		return false;
	for (const struct event *e = next_event(history, event); e;
	     e = next_event(history, e))
		if (e->life == event->life)
			return e->call->kind == CALL_LOOK_OPENED;
	return false;
}

static void put_flags(FILE *out, unsigned flags)
{
	static const struct {
		unsigned flag;
		const char *name;
	} names[] = {
		{ O_CREAT, "O_CREAT" },	      { O_EXCL, "O_EXCL" },
		{ O_TRUNC, "O_TRUNC" },	      { O_APPEND, "O_APPEND" },
		{ O_NOFOLLOW, "O_NOFOLLOW" }, { O_DIRECTORY, "O_DIRECTORY" },
		{ O_CLOEXEC, "O_CLOEXEC" },   { O_NONBLOCK, "O_NONBLOCK" },
		{ O_NOCTTY, "O_NOCTTY" },     { O_PATH, "O_PATH" },
	};
	static const char *const ways[] = { "O_RDONLY", "O_WRONLY", "O_RDWR", "3" };
	unsigned rest = flags & ~(unsigned)O_ACCMODE;

	fputs(ways[flags & O_ACCMODE], out);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if ((rest & names[i].flag) == names[i].flag) {
			fprintf(out, "|%s", names[i].name);
			rest &= ~names[i].flag;
		}
	/* libc adds O_LARGEFILE itself: it is not shown. */
	if (rest & ~0100000u)
		fprintf(out, "|%#o", rest & ~0100000u);
}

static void put_stream(FILE *out, unsigned flags)
{
	const char *word = flags & O_TRUNC ? "w" : flags & O_APPEND ? "a" : "r";

	fprintf(out, "\"%s%s%s\"", word, (flags & O_ACCMODE) == O_RDWR ? "+" : "",
		flags & O_EXCL ? "x" : "");
}

/* PATH as C has it: a quote in it ends no argument. Control characters are for who shows it. */
static void put_path(FILE *out, const char *path)
{
	putc('"', out);
	for (path = path ? path : "..."; *path; path++) {
		if (*path == '"' || *path == '\\')
			putc('\\', out);
		putc(*path, out);
	}
	putc('"', out);
}

char *event_arguments(const struct event *event)
{
	const struct trace_record *r = event->record;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	put_path(out, event->path);
	switch (event->call->kind) {
	case CALL_OPEN:
	case CALL_SHARED:
		fputs(", ", out);
		put_flags(out, r->a);
		if (r->a & O_CREAT)
			fprintf(out, ", %#o", r->b);
		break;
	case CALL_STREAM:
		fputs(", ", out);
		put_stream(out, r->a);
		break;
	case CALL_CREAT:
	case CALL_MKDIR:
	case CALL_NODE:
	case CALL_CHMOD: fprintf(out, ", %#o", r->b); break;
	case CALL_CHOWN: fprintf(out, ", %d, %d", (int)r->a, (int)r->b); break;
	case CALL_RENAME:
	case CALL_LINK:
		fputs(", ", out);
		put_path(out, event->other);
		break;
	default: break;
	}
	fclose(out);
	return text;
}
