/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * trace FILE: writes a trace (shim/trace/format.h) as audited processes could have left it,
 * by lines of standard input:
 *
 *     image PID PARENT UID PROGRAM [COMMAND LINE]   what the lines behind it come from
 *     module START END PATH [BYTES]                 of that image; bytes of a build-id
 *     header MEMBER NUMBER                          images, modules, records, version or size
 *     CALL PATH [OTHER] [KEY=VALUE]...              a record
 *
 * PATH: "-" is none, "@N" offset N whatever is there, "~" one that is too long. KEY is
 * a member of a record, or ready, image, or before, after, other_before: TYPE,MODE,UID. A
 * VALUE is a number, or words with "|" between.
 */
#include "trace/format.h"
#include "gen/trace_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/stat.h>

static char *file;
static uint32_t image;
static int64_t now = 1790000000000000000;

static struct trace_header *header(void)
{
	return (struct trace_header *)(void *)file;
}

/* -- Words -- */

#define WORD(name) \
	{ \
#name, name \
	}
static const struct {
	const char *word;
	unsigned long value;
} words[] = {
	WORD(O_WRONLY),
	WORD(O_RDWR),
	WORD(O_CREAT),
	WORD(O_EXCL),
	WORD(O_TRUNC),
	WORD(O_APPEND),
	WORD(O_NOFOLLOW),
	WORD(O_DIRECTORY),
	WORD(O_CLOEXEC),
	WORD(O_PATH),
	WORD(O_NONBLOCK),
	WORD(O_NOCTTY),
	WORD(EEXIST),
	WORD(ENOENT),
	WORD(EFAULT),
	WORD(EACCES),
	{ "nofollow", AT_SYMLINK_NOFOLLOW },
	{ "shape", TRACE_SHAPE },
	{ "begun", TRACE_BEFORE },
	{ "template", TRACE_TEMPLATE },
	{ "told", TRACE_TOLD },
	{ "variable", TRACE_VARIABLE_TOLD },
	{ "exec", TRACE_EXEC },
	{ "elsewhere", PLACE_ELSEWHERE },
	{ "shared", PLACE_SHARED },
	{ "open", PLACE_OPEN },
	{ "foreign", PLACE_FOREIGN },
	{ "private", PLACE_PRIVATE },
	{ "closed", PLACE_CLOSED },
	{ "unknown", TRACE_UNKNOWN },
	{ "absent", TRACE_ABSENT },
	{ "file", TRACE_FILE },
	{ "directory", TRACE_DIRECTORY },
	{ "link", TRACE_LINK },
	{ "fifo", TRACE_FIFO },
	{ "socket", TRACE_SOCKET },
	{ "other", TRACE_OTHER },
};

static unsigned long value_of(char *text)
{
	unsigned long value = 0;
	char *rest;

	for (char *word = strtok_r(text, "|", &rest); word;
	     word = strtok_r(NULL, "|", &rest)) {
		size_t i = 0;

		while (i < sizeof words / sizeof *words &&
		       strcmp(words[i].word, word) != 0)
			i++;
		value |= i < sizeof words / sizeof *words ? words[i].value :
							    strtoul(word, NULL, 0);
	}
	return value;
}

/* -- Parts of the file -- */

/* As shim/trace writes a text: eight bytes that are not read, its length, and it. */
static trace_string put_text(const char *text)
{
	const uint32_t at = header()->text, len = (uint32_t)strlen(text);
	const uint32_t told = strcmp(text, "~") ? len : TRACE_STRING;
	char *to = file + TRACE_AT_TEXT + at;

	if (!strcmp(text, "-"))
		return 0;
	if (text[0] == '@')
		return (trace_string)strtoul(text + 1, NULL, 0);
	memcpy(to + 8, &told, sizeof told);
	memcpy(to + 12, text, len);
	header()->text += (12 + len + 8) / 8 * 8;
	return at;
}

static void put_image(char *rest)
{
	struct trace_image *to;
	char program[256] = "";
	int pid = 0, parent = 0, read = 0;
	unsigned uid = 0;

	if (sscanf(rest, "%d %d %u %255s %n", &pid, &parent, &uid, program, &read) < 4)
		exit(2);
	image = header()->images++;
	to = (struct trace_image *)(void *)(file + TRACE_AT_IMAGES) + image;
	*to = (struct trace_image){ .ready = 1,
				    .pid = pid,
				    .parent = parent,
				    .uid = uid,
				    .start = now,
				    .modules_of = image };
	to->program = put_text(program);
	to->command_line = put_text(rest[read] ? rest + read : program);
}

static void put_module(char *rest)
{
	struct trace_module *to =
		(struct trace_module *)(void *)(file + TRACE_AT_MODULES);
	unsigned long start, end;
	unsigned bytes = 0;
	char path[256];

	if (sscanf(rest, "%lx %lx %255s %u", &start, &end, path, &bytes) < 3)
		exit(2);
	to[header()->modules++] = (struct trace_module){
		.ready = 1,
		.image = image,
		.start = start,
		.end = end,
		.path = put_text(path),
		.build_id_len = bytes,
		.build_id = { 0xab, 0xcd },
	};
}

static void set_header(const char *member, uint32_t value)
{
	uint32_t *to = !strcmp(member, "images")  ? &header()->images :
		       !strcmp(member, "modules") ? &header()->modules :
		       !strcmp(member, "records") ? &header()->records :
		       !strcmp(member, "version") ? &header()->version :
						    (uint32_t *)&header()->size;

	*to = value;
}

/* "TYPE,MODE,UID" */
static void set_object(struct trace_object *to, char *text)
{
	char *rest, *word = strtok_r(text, ",", &rest);

	to->type = (uint32_t)value_of(word);
	word = strtok_r(NULL, ",", &rest);
	to->mode = word ? (uint32_t)strtoul(word, NULL, 8) : 0600;
	word = word ? strtok_r(NULL, ",", &rest) : NULL;
	to->uid = word ? (uint32_t)strtoul(word, NULL, 0) : 54321;
}

static void set_member(struct trace_record *to, const char *key, char *text)
{
#define MEMBER(name, type) \
	if (!strcmp(key, #name)) { \
		to->name = (type)value_of(text); \
		return; \
	}
	MEMBER(flags, uint32_t)
	MEMBER(image, uint32_t)
	MEMBER(call, uint32_t)
	MEMBER(site, uint64_t)
	MEMBER(place, uint32_t)
	MEMBER(other_place, uint32_t)
	MEMBER(a, uint32_t)
	MEMBER(b, uint32_t)
	MEMBER(error, int32_t)
	MEMBER(line, uint32_t)
	MEMBER(count, uint64_t)
	MEMBER(ready, uint32_t)
	if (!strcmp(key, "before"))
		set_object(&to->before, text);
	else if (!strcmp(key, "after"))
		set_object(&to->after, text);
	else if (!strcmp(key, "other_before"))
		set_object(&to->other_before, text);
	else
		exit(2);
}

#define NAME(name) #name,
static const char *const calls[] = { TRACE_CALLS(NAME) };

static uint32_t number_of(const char *call)
{
	for (uint32_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (!strcmp(calls[i], call))
			return i;
	fprintf(stderr, "no call is named %s\n", call);
	exit(2);
}

static void put_record(const char *call, char *rest)
{
	struct trace_record *to =
		(struct trace_record *)(void *)(file + TRACE_AT_RECORDS) +
		header()->records++;
	bool path = false;

	now += 1000000;
	*to = (struct trace_record){ .ready = 1,
				     .image = image,
				     .call = number_of(call),
				     .place = PLACE_SHARED,
				     .other_place = PLACE_SHARED,
				     .before.type = TRACE_ABSENT,
				     .other_before.type = TRACE_ABSENT,
				     .time = now,
				     .first = header()->records,
				     .count = 1 };
	for (char *word; (word = strsep(&rest, " "));) {
		char *value = strchr(word, '=');

		if (value) {
			*value = '\0';
			set_member(to, word, value + 1);
		} else if (*word) {
			*(path ? &to->other : &to->path) = put_text(word);
			path = true;
		}
	}
}

int main(int argc, char **argv)
{
	char line[4096];
	int fd = argc == 2 ? open(argv[1], O_RDWR | O_CREAT | O_TRUNC, 0600) : -1;

	if (fd < 0 || ftruncate(fd, (off_t)TRACE_SIZE) < 0)
		return 2;
	file = mmap(NULL, TRACE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (file == MAP_FAILED)
		return 2;
	*header() = (struct trace_header){ .magic = TRACE_MAGIC,
					   .version = TRACE_VERSION,
					   .size = TRACE_SIZE,
					   .images = 1,
					   .records = 1,
					   .text = 8 };
	while (fgets(line, sizeof line, stdin)) {
		char *rest = line, *first;

		line[strcspn(line, "\n")] = '\0';
		first = strsep(&rest, " ");
		if (!*first || *first == '#')
			continue;
		if (!rest)
			return 2;
		if (!strcmp(first, "image"))
			put_image(rest);
		else if (!strcmp(first, "module"))
			put_module(rest);
		else if (!strcmp(first, "header"))
			first = strsep(&rest, " "),
			set_header(first, (uint32_t)strtoul(rest, NULL, 0));
		else
			put_record(first, rest);
	}
	return 0;
}
