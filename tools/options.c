/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Options; see options.h. */
#include "options.h"
#include "core/report.h"
#include "tool.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


static const char *const formats[] = { "text", "json", NULL };
static const char *const backends[] = { "preload", "auto", NULL };
static const char *const ttys[] = { "own", "inherit", NULL };

/* The characters by which getopt_long tells the options apart. */
enum {
	GUARD = 256, SHARE, ROOT, SCOPE, KEEP, ONFAIL, LINKS, CONFINE, BACKEND, FORMAT,
	DRY_RUN, ALL, OWN, TIMEOUT, TTY, ENV, PROGRAM, ARGV0, INSTALL, USER,
	REMOVE, UNDO,
};

static const struct option_row rows[] = {
	{ "guard", GUARD, OPTION_SESSION | OPTION_WHERE, "DIR",
	  "guard this directory too; an empty DIR drops /tmp and /var/tmp",
	  NULL },
	{ "share", SHARE, OPTION_SESSION, "PATTERN",
	  "leave what matches as it is, shared; an empty one drops the defaults",
	  NULL },
	{ "root", ROOT, OPTION_SESSION | OPTION_WHERE, "DIR",
	  "where private directories live, instead of the guarded ones", NULL },
	{ "scope", SCOPE, OPTION_RUN | OPTION_ALONE, "tree|process|root",
	  "a session for each tree of processes, program or root directory",
	  policy_scopes },
	{ "keep", KEEP, OPTION_RUN | OPTION_ALONE, "never|failure|always",
	  "keep the files after the end", policy_keeps },
	{ "onfail", ONFAIL, OPTION_RUN | OPTION_ALONE, "deny|pass",
	  "without protection: refuse to run, or run all the same",
	  policy_onfails },
	{ "links", LINKS, OPTION_RUN | OPTION_ALONE, "made|exact",
	  "follow links that the command makes, or all that are there",
	  policy_links },
	{ "confine", CONFINE, OPTION_RUN | OPTION_ALONE | OPTION_OPTIONAL,
	  "yes|auto|no", "have the kernel refuse what gets past the shim",
	  policy_confines },
	{ "argv0", ARGV0, OPTION_RUN, "NAME",
	  "what the command is called, as its argument 0", NULL },
	{ "backend", BACKEND, OPTION_RUN, "preload|auto",
	  "by preloading the shim, which is what auto chooses", backends },
	{ "program", PROGRAM, OPTION_PROGRAM, "FILE",
	  "say it for this program, to which sections may apply", NULL },
	{ "format", FORMAT, OPTION_FORMAT, "text|json", "output format",
	  formats },
	{ "dry-run", DRY_RUN, OPTION_SWEEP, NULL,
	  "say what would be removed, and remove nothing", NULL },
	{ "all", ALL, OPTION_SWEEP, NULL,
	  "remove what --keep has kept, too", NULL },
	{ "own", OWN, OPTION_SWEEP, NULL,
	  "remove only what belongs to the caller", NULL },
	{ "timeout", TIMEOUT, OPTION_TIME, "SECONDS",
	  "the longest time for what any one user has left", NULL },
	{ "tty", TTY, OPTION_ENTER, "own|inherit",
	  "give the command a terminal of its own, or this one", ttys },
	{ "env", ENV, OPTION_ENTER, "NAME[=VALUE]",
	  "let the command have this variable, too", NULL },
	{ "install", INSTALL, OPTION_UNIT, NULL,
	  "write the drop-in where systemd looks for it", NULL },
	{ "user", USER, OPTION_UNIT, NULL,
	  "a unit of one user, not of the system", NULL },
	{ "remove", REMOVE, OPTION_UNIT, NULL,
	  "remove what --install has written", NULL },
	{ "undo", UNDO, OPTION_WRAP, NULL, "put the program back", NULL },
	{ "verbose", 'v', OPTION_VERBOSE, NULL, "say what is done", NULL },
	{ "help", 'h', OPTION_COMMON, NULL, "show this", NULL },
	{ "version", 'V', OPTION_COMMON, NULL, "show the version", NULL },
};

enum { ROWS = sizeof rows / sizeof *rows };

static bool knows(const struct command *command, const struct option_row *row)
{
	return row->group & (command->options | OPTION_COMMON);
}

static const struct option_row *row_of(int value)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].value == value)
			return &rows[i];
	return NULL;
}

const struct option_row *options_next(const struct command *command,
				      const struct option_row *row)
{
	for (row = row ? row + 1 : rows; row < rows + ROWS; row++)
		if (knows(command, row))
			return row;
	return NULL;
}

void options_help(const struct command *command)
{
	const struct option_row *row = NULL;

	printf("Usage: privtmp %s [OPTION]... %s\n%s.\n\n", command->name,
	       command->operands, command->summary);
	while ((row = options_next(command, row))) {
		const bool optional = row->group & OPTION_OPTIONAL;
		char left[64];

		snprintf(left, sizeof left, "--%s%s%s%s", row->name,
			 optional ? "[=" : row->argument ? " " : "",
			 row->argument ? row->argument : "", optional ? "]" : "");
		printf("  %c%c%c %-30s %s\n", row->value < 256 ? '-' : ' ',
		       row->value < 256 ? row->value : ' ',
		       row->value < 256 ? ',' : ' ', left, row->help);
	}
}

void options_complain(const struct command *command, const char *option,
		      const char *what)
{
	char remedy[64];

	snprintf(remedy, sizeof remedy, "see privtmp %s --help", command->name);
	report(option, what, 0, remedy);
}

int options_written(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	report("standard output", "cannot be written", errno, NULL);
	return 1;
}

/* "a, b or c" */
static void say_words(const char *const *words, char *out, size_t size)
{
	size_t at = (size_t)snprintf(out, size, "use ");

	for (size_t i = 0; words[i] && at < size; i++)
		at += (size_t)snprintf(out + at, size - at, "%s%s",
				       !i ? "" : words[i + 1] ? ", " : " or ",
				       words[i]);
}

/* Whether PATH is absolute and has no "..": what a policy can name. */
static bool is_plain(const char *path)
{
	if (path[0] != '/')
		return false;
	for (const char *at = path; (at = strstr(at, "/..")); at += 3)
		if (at[3] == '\0' || at[3] == '/')
			return false;
	return true;
}

/*
 * Adds ELEMENT to the colon list that *SETTING holds, in ROOM. An empty one
 * drops all that came before it.
 */
static const char *add_element(const char **setting, char *room,
			       const char *element)
{
	size_t len;

	if (strchr(element, ':'))
		return "cannot have a colon in it";
	if (*element && element[0] != '/')
		return "is not an absolute path";
	if (!*element) {
		strcpy(room, ":");
	} else {
		if (*setting != room)
			snprintf(room, OPTIONS_LIST, "%s",
				 *setting ? *setting : "");
		len = strlen(room);
		if (len + 1 + strlen(element) >= OPTIONS_LIST)
			return "is one too many";
		if (len && room[len - 1] != ':')
			room[len++] = ':';
		strcpy(room + len, element);
	}
	*setting = room;
	return NULL;
}

/* Seconds: a number that is not absurd. */
static const char *take_timeout(struct options *out, const char *argument)
{
	char *end;
	long seconds = strtol(argument, &end, 10);

	if (end == argument || *end || seconds < 1 || seconds > 86400)
		return "is no number of seconds from 1 to 86400";
	out->timeout = (int)seconds;
	return NULL;
}

static const char *take_variable(struct options *out, const char *argument)
{
	if (!*argument || *argument == '=')
		return "has no name";
	if (out->envs == OPTIONS_ENVS)
		return "is one too many";
	out->env[out->envs++] = argument;
	return NULL;
}

/* Puts one option into OUT. Returns what is wrong with it, or NULL. */
static const char *take(int value, const char *argument, struct options *out)
{
	struct settings *s = &out->settings;

	switch (value) {
	case GUARD:
		if (*argument && !is_plain(argument))
			return "is not an absolute path without ..";
		return add_element(&s->guard, out->guard, argument);
	case SHARE:
		return add_element(&s->share, out->share, argument);
	case ROOT:
		if (!is_plain(argument))
			return "is not an absolute path without ..";
		s->root = argument;
		break;
	case SCOPE:
		s->scope = argument;
		break;
	case KEEP:
		s->keep = argument;
		break;
	case ONFAIL:
		s->onfail = argument;
		break;
	case LINKS:
		s->links = argument;
		break;
	case CONFINE:
		s->confine = argument ? argument : policy_confines[CONFINE_YES];
		break;
	case FORMAT:
		out->format = argument;
		out->json = !strcmp(argument, "json");
		break;
	case ARGV0:
		out->argv0 = argument;
		break;
	case INSTALL:
		out->install = true;
		break;
	case USER:
		out->user = true;
		break;
	case REMOVE:
	case UNDO:
		out->remove = true;
		break;
	case PROGRAM:
		out->program = argument;
		break;
	case DRY_RUN:
		out->dry_run = true;
		break;
	case ALL:
		out->all = true;
		break;
	case OWN:
		out->own = true;
		break;
	case TIMEOUT:
		return take_timeout(out, argument);
	case TTY:
		out->inherit_tty = !strcmp(argument, "inherit");
		break;
	case ENV:
		return take_variable(out, argument);
	case 'v':
		out->verbose = true;
		break;
	default:
		break;
	}
	return NULL;
}

/* Complains about OPTION's argument. */
static void complain_argument(const struct option_row *row, const char *argument,
			      const char *what)
{
	char option[128], words[128];

	snprintf(option, sizeof option, "--%s %s", row->name, argument);
	if (row->words)
		say_words(row->words, words, sizeof words);
	report(option, what, 0, row->words ? words : NULL);
}

static bool is_word(const struct option_row *row, const char *argument)
{
	return !row->words ||
	       policy_word(row->words, argument, strlen(argument)) >= 0;
}

/* The vectors that getopt_long wants, from the table. */
static void make_vectors(const struct command *command, struct option *longs,
			 char *shorts)
{
	/* Ours are the messages; a missing argument is told apart by ':'. */
	*shorts++ = command->in_order ? '+' : '-';
	if (!command->in_order)
		shorts--;
	*shorts++ = ':';
	for (size_t i = 0; i < ROWS; i++) {
		if (!knows(command, &rows[i]))
			continue;
		*longs++ = (struct option){
			.name = rows[i].name,
			.has_arg = rows[i].group & OPTION_OPTIONAL ?
					   optional_argument :
				   rows[i].argument ? required_argument :
						      no_argument,
			.val = rows[i].value,
		};
		if (rows[i].value < 256)
			*shorts++ = (char)rows[i].value;
	}
	*longs = (struct option){ .name = NULL };
	*shorts = '\0';
}

int options_parse(const struct command *command, int argc, char **argv,
		  struct options *out, int *status)
{
	struct option longs[ROWS + 1];
	char shorts[ROWS + 4];
	int value;

	memset(out, 0, sizeof *out);
	out->command = command;
	if (!(command->options & OPTION_ALONE))
		settings_from_environment(environ, &out->settings);
	out->format = formats[0];
	make_vectors(command, longs, shorts);
	opterr = 0;
	*status = command->usage_status;
	while ((value = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		const struct option_row *row = row_of(value);
		const char *wrong;

		if (!row) {
			options_complain(command, argv[optind - 1],
					 value == ':' ? "needs an argument" :
							"unknown option");
			return -1;
		}
		if (value == 'h' || value == 'V') {
			if (value == 'h')
				options_help(command);
			else
				printf("privtmp %s\n", VERSION);
			*status = options_written(0);
			return -1;
		}
		wrong = row->argument && optarg && !is_word(row, optarg) ?
				"unknown word" :
				take(value, optarg, out);
		if (wrong) {
			complain_argument(row, optarg, wrong);
			return -1;
		}
	}
	return optind;
}
