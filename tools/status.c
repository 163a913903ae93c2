/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* privtmp status: whether something has a private /tmp, by which door, or why not. */
#include "status.h"
#include "command.h"
#include "json.h"
#include "process.h"
#include "tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *verdict_word(enum verdict verdict)
{
	static const char *const words[] = {
		[VERDICT_PRIVATE] = "private",
		[VERDICT_NOT_PRIVATE] = "not private",
		[VERDICT_UNKNOWN] = "unknown",
		[VERDICT_NOTHING] = "not there",
	};

	return words[verdict];
}

void status_text_reason(FILE *out, const struct reason *reason, enum verdict verdict)
{
	if (!reason->why)
		return;
	fprintf(out, "  %s%s", verdict == VERDICT_PRIVATE ? "note     " : "why      ",
		reason->why);
	if (reason->remedy)
		fprintf(out, "; %s", reason->remedy);
	putc('\n', out);
}

void status_json_reason(const struct reason *reason)
{
	json_member(stdout, "why", reason->why);
	json_member(stdout, "remedy", reason->remedy);
}

/* A name is a command's unless there is none, or it has a directory or an ending. */
static bool is_unit(const struct options *options, const char *name)
{
	char path[PATH_MAX];

	if (strchr(name, '/'))
		return false;
	if (options->user || !strcmp(name + strcspn(name, "."), ".service"))
		return true;
	return status_is_unit(options, name) &&
	       (strchr(name, '.') || command_find(name, path) != 0);
}

static enum verdict say(const struct options *options, const char *name)
{
	const long long number = process_number(name);

	if (number >= 0)
		return status_process(options, number);
	if (is_unit(options, name))
		return status_unit(options, name);
	return status_command(options, name);
}

int tool_status(const struct options *options, int argc, char **argv)
{
	bool private = true, there = true;

	if (argc < 1) {
		options_complain(options->command, "status",
				 "name a process, a unit or a command");
		return STATUS_USAGE;
	}
	if (options->json)
		fputs("{\"status\": [", stdout);
	for (int i = 0; i < argc; i++) {
		enum verdict verdict;

		if (options->json)
			fputs(i ? ",\n" : "\n", stdout);
		verdict = say(options, argv[i]);
		private &= verdict == VERDICT_PRIVATE;
		there &= verdict != VERDICT_NOTHING;
	}
	if (options->json)
		puts("\n]}");
	return options_written(!there ? STATUS_USAGE : private ? 0 : 1);
}
