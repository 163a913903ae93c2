/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is read from a trace (tools/audit/events.c): processes, scripts, events in their order,
 * and the texts that names are looked for in. See direct.h.
 */
#include "../../tools/audit/events.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What events.c calls: memory that may be lacking, COUNT calls on. */
static int count = -1;

static void *zeroed(size_t n, size_t size)
{
	return count >= 0 && count-- == 0 ? NULL : calloc(n, size);
}

#define calloc zeroed
#include "../../tools/audit/events.c"
#undef calloc

#include "direct.h"

/* -- A trace: a string is the number of a text -- */

static const char *texts[32];
static struct trace_image images[9];
static struct trace_record records[8];
static unsigned n_images, n_records, n_texts;
static bool no_text; /* for want of memory */

unsigned trace_images(const struct trace_file *file)
{
	(void)file;
	return n_images;
}

const struct trace_image *trace_image_at(const struct trace_file *file, unsigned n)
{
	(void)file;
	return images[n].ready ? &images[n] : NULL;
}

unsigned trace_records(const struct trace_file *file)
{
	(void)file;
	return n_records;
}

const struct trace_record *trace_record_at(const struct trace_file *file, unsigned n)
{
	(void)file;
	return records[n].ready ? &records[n] : NULL;
}

char *trace_string_of(const struct trace_file *file, trace_string string)
{
	(void)file;
	if (no_text)
		errno = ENOMEM;
	return no_text || !string ? NULL : strdup(texts[string]);
}

const struct call *call_of(unsigned number)
{
	static const struct call call = { .name = "open" };

	(void)number;
	return &call;
}

static int asked; /* how often for a user's name */

const struct passwd *user_of(uid_t uid)
{
	static struct passwd user = { .pw_name = (char *)"me" };

	asked++;
	return uid == ME ? &user : NULL;
}

static trace_string text_of_trace(const char *text)
{
	if (!text)
		return 0;
	texts[++n_texts] = text;
	return n_texts;
}

static void begin(void)
{
	memset(images, 0, sizeof images);
	memset(records, 0, sizeof records);
	n_images = n_records = 1;
	n_texts = 0;
	no_text = false;
	count = -1;
	asked = 0;
}

static struct trace_image *image(const char *program, const char *line)
{
	struct trace_image *i = &images[n_images];

	i->ready = 1;
	i->pid = (int32_t)(100 + n_images++);
	i->program = text_of_trace(program);
	i->command_line = text_of_trace(line);
	return i;
}

static struct trace_record *record(uint32_t of, uint64_t first, const char *path)
{
	struct trace_record *r = &records[n_records++];

	r->ready = 1;
	r->image = of;
	r->first = first;
	r->path = text_of_trace(path);
	return r;
}

/* -- Processes -- */

static void scripts(void)
{
	static const struct {
		const char *program, *line, *script;
	} rows[] = {
		{ "/bin/sh", "sh /x a", "/x" },
		{ "/bin/sh", "sh -e /x", "/x" },
		{ "/bin/sh", "sh  -e  -u /x", "/x" },
		{ "/bin/sh", "sh -c /x", NULL },
		{ "/bin/bash", "bash -ec /x", NULL },
		{ "/bin/busybox", "busybox -c /x", NULL },
		{ "/bin/busybox", "busybox -e /x", "/x" },
		{ "/bin/sh", "sh --norc /x", "/x" },
		{ "/bin/sh", "sh -- /x", NULL },
		{ "/bin/sh", "sh - /x", "/x" },
		{ "/bin/sh", "sh -e", NULL },
		{ "/bin/sh", "sh ", NULL },
		{ "/bin/sh", "sh", NULL },
		{ "/bin/perl", "perl -e /x", NULL },
		{ "/bin/python3.11", "python3 -c /x", NULL },
		{ "/bin/php", "php -r /x", NULL },
		{ "/bin/python3.11", "python3 -u /x", "/x" },
		{ "/bin/python3x", "python3 /x", NULL },
		{ "/bin/cat", "cat /x", NULL },
		{ "", "sh /x", NULL },
	};
	struct history h;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		begin();
		image(rows[i].program, rows[i].line);
		TRUE(history_read(&h, NULL));
		TEXT_IS(rows[i].line, h.actors[1].script, rows[i].script);
	}
}

static void processes(void)
{
	struct history h;

	begin();
	n_images = 2; /* one that was not written to the end */
	image(NULL, NULL)->start = 7000000000;
	image("/bin/a", "a b")->start = 5000000000;
	images[3].end = 9000000000;
	images[2].pid = 1;
	images[2].parent = 55;
	images[3].parent = 1;
	TRUE(history_read(&h, NULL));
	IS(h.n_actors, 4);
	TRUE(h.root == &h.actors[2]);
	TRUE(!h.actors[1].image);
	TEXT_IS("none", h.actors[2].program, "");
	TEXT_IS("none", h.actors[2].command_line, "");
	TEXT_IS("program", h.actors[3].program, "/bin/a");
	/* Numbers that many processes have are none to look for. */
	IS(h.sources.n_pids, 2);
	IS(h.sources.pids[0], 55);
	IS(h.sources.pids[1], 103);
	IS(h.sources.start, 5);
	IS(h.sources.end, 9);
}

static void events(void)
{
	struct history h;

	begin();
	image("/bin/a", "a")->start = 1000000000;
	image("/bin/b", "b")->start = 3000000000;
	record(1, 30, "/3")->time = 20000000000;
	record(1, 10, "/1");
	record(2, 20, "/2");
	/* Of no process, of none that is known; without a path; not written to the end. */
	record(9, 5, "/no");
	record(0, 5, "/no");
	record(1, 5, NULL);
	records[n_records++].image = 1;
	TRUE(history_read(&h, NULL));
	IS(h.n_events, 3);
	TEXT_IS("first", h.events[0].path, "/1");
	TEXT_IS("second", h.events[1].path, "/2");
	TEXT_IS("third", h.events[2].path, "/3");
	TRUE(h.events[1].actor == &h.actors[2]);
	TRUE(next_event(&h, &h.events[0]) == &h.events[2]);
	TRUE(!next_event(&h, &h.events[1]));
	TRUE(!next_event(&h, &h.events[2]));
	IS(h.sources.end, 20);
	/* A second path alone is enough; of the same number the order is no matter. */
	begin();
	image("/bin/a", "a");
	record(1, 5, NULL)->other = text_of_trace("/other");
	record(1, 5, "/same");
	TRUE(history_read(&h, NULL));
	IS(h.n_events, 2);
}

static void lacking(void)
{
	struct history h;

	for (int i = 0; i < 4; i++) {
		begin();
		image("/bin/a", "a");
		record(1, 5, "/x");
		count = i;
		IS(history_read(&h, NULL), i == 3);
	}
	begin();
	image("/bin/a", "a");
	no_text = true;
	FALSE(history_read(&h, NULL));
	/* Nothing was run. */
	begin();
	TRUE(history_read(&h, NULL));
	TRUE(!h.root);
	FALSE(history_asked_for(&h, "/x"));
}

/* -- Texts -- */

static void sources(void)
{
	const struct name_sources *s;
	struct history h;
	char path[32];

	begin();
	write_text("/tmp/script", "the script");
	write_text("/tmp/other", "another");
	write_text("/tmp/empty", "");
	image("/bin/sh", "sh /tmp/script")->uid = ME;
	image("/tmp/other", "other")->uid = ME;
	image("/bin/sh", "sh /tmp/empty")->uid = OTHER;
	image(NULL, NULL)->uid = OTHER;
	image("/tmp", "tmp")->uid = OTHER;
	image("/tmp/none", "none")->uid = OTHER;
	write_text("/tmp/large", "more than is looked through");
	MUST(truncate("/tmp/large", 1 << 28) == 0);
	image("/tmp/large", "large")->uid = OTHER;
	TRUE(history_read(&h, NULL));
	s = history_sources(&h, &h.actors[1]);
	TEXT_IS("user", s->user, "me");
	TEXT_IS("program", s->program, "script");
	IS(s->lengths[1], strlen("the script"));
	IS(memcmp(s->texts[1], "the script", s->lengths[1]), 0);
	TEXT_IS("line", s->texts[3], "sh /tmp/script");
	/* Who may write to it can make it shorter meanwhile. */
	MUST(truncate("/tmp/script", 0) == 0);
	IS(memcmp(s->texts[1], "the script", s->lengths[1]), 0);
	s = history_sources(&h, &h.actors[2]);
	TEXT_IS("program", s->program, "other");
	IS(s->lengths[0], strlen("another"));
	IS(s->lengths[1], 0);
	/* The command's own script is looked through for its children, too. */
	IS(s->lengths[2], strlen("the script"));
	/* A user is asked for once, and an unknown one has no name. */
	IS(asked, 1);
	s = history_sources(&h, &h.actors[3]);
	IS(asked, 2);
	TEXT_IS("user", s->user, NULL);
	TRUE(!s->texts[1]);
	/* What is no file, or none any more, or very large has no text. */
	for (unsigned i = 4; i < 8; i++) {
		s = history_sources(&h, &h.actors[i]);
		TRUE(!s->texts[0]);
		IS(s->lengths[0], 0);
	}
	IS(asked, 2);
	/* All together there are no more than so many bytes. */
	for (int i = 0; i < 4; i++) {
		snprintf(path, sizeof path, "/tmp/quarter%d", i);
		write_text(path, "x");
		MUST(truncate(path, (1 << 26) - (1 << 20)) == 0);
		IS(text_of(path)->len, (1 << 26) - (1 << 20));
	}
	write_text("/tmp/rest", "x");
	MUST(truncate("/tmp/rest", 1 << 22) == 0);
	IS(text_of("/tmp/rest")->len, 0);
	/* Each once, and no more than are kept. */
	TRUE(text_of("/tmp/other") == text_of("/tmp/other"));
	for (int i = 0; i < 300; i++) {
		snprintf(path, sizeof path, "/tmp/%d", i);
		write_text(path, "x");
		if (i < 200)
			IS(text_of(path)->len, 1);
		else
			text_of(path);
	}
	TRUE(!text_of("/tmp/299"));
	IS(text_of("/tmp/other")->len, strlen("another"));
	/* Without a command there is no line of it. */
	h.root = NULL;
	s = history_sources(&h, &h.actors[2]);
	TRUE(!s->texts[2] && !s->texts[3]);
	IS(s->lengths[3], 0);
}

static void asked_for(void)
{
	static const struct {
		const char *program, *line, *path;
		bool asked;
	} rows[] = {
		{ "/bin/cat", "cat /tmp/x", "/tmp/x", true },
		{ "/bin/cat", "cat /tmp/x y", "/tmp/x", true },
		{ "/bin/dd", "dd of=/tmp/x", "/tmp/x", true },
		{ "/bin/cat", "/tmp/x", "/tmp/x", true },
		{ "/bin/cat", "cat /tmp/xy /tmp/x", "/tmp/x", true },
		{ "/bin/cat", "cat /tmp/xy", "/tmp/x", false },
		{ "/bin/cat", "cat a/tmp/x", "/tmp/x", false },
		{ "/bin/cat", "cat", "/tmp/x", false },
		{ "/bin/cat", "cat ", "", false },
		/* A text for a shell is no name, and a script's arguments are. */
		{ "/bin/sh", "sh -c >/tmp/x /tmp/x", "/tmp/x", false },
		{ "/bin/sh", "sh /script /tmp/x", "/tmp/x", true },
	};
	struct history h;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		begin();
		image(rows[i].program, rows[i].line);
		TRUE(history_read(&h, NULL));
		IS(history_asked_for(&h, rows[i].path), rows[i].asked);
	}
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "scripts", scripts }, { "processes", processes },
		{ "events", events },	{ "lacking", lacking },
		{ "sources", sources }, { "asked_for", asked_for },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
