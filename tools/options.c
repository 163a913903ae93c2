/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Options; see options.h. */
#include "options.h"
#include "fit.h"
#include "core/report.h"
#include "remedy.h"
#include "tool.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char formats[] = "text|json";
static const char report_formats[] = "text|json|sarif|html";
static const char severities[] = "note|low|medium|high";
static const char backends[] = "auto|preload|mount"; /* as enum backend */
static const char orders[] = "owner|age|members|files|size";
static const char ttys[] = "own|inherit";

/* The characters by which getopt_long tells the options apart. */
enum {
	OF_SETTINGS = 256, /* and as many as there are settings */
	BACKEND = OF_SETTINGS + SETTINGS,
	FORMAT,
	FORMAT_CHECK,
	DRY_RUN,
	FORCE,
	SORT,
	WATCH,
	ALL,
	OWN,
	TIMEOUT,
	TTY,
	ENV,
	PROGRAM,
	ARGV0,
	INSTALL,
	USER,
	REMOVE,
	UNDO,
	REPORT_FORMAT,
	OUTPUT,
	FAIL_ON,
	REDIRECT,
	TRACE,
	READ,
	UNIT,
	ATTACK,
	BASELINE,
	SUPPRESS,
};

/* Which subcommands take a setting as an option: see settings.h. */
#define GROUP_PLACE (OPTION_SESSION | OPTION_WHERE)
#define GROUP_PATHS OPTION_SESSION
#define GROUP_RUN (OPTION_RUN | OPTION_ALONE)
#define GROUP_UNIT OPTION_UNIT
#define GROUP_OPTIONAL (OPTION_RUN | OPTION_ALONE | OPTION_OPTIONAL)
#define GROUP_NONE 0

#define SETTING_OPTION(CONSTANT, member, key, KIND, argument, OPTION, help, ...) \
	{ key, OF_SETTINGS + SETTING_##CONSTANT, GROUP_##OPTION, argument, help },

static const struct option_row rows[] = {
	SETTINGS_TABLE(SETTING_OPTION)
	/* Without "root": what run starts must end the session. */
	{ "scope", OF_SETTINGS + SETTING_SCOPE, OPTION_RUN | OPTION_WRAP, "tree|process",
	  "one session for each tree of processes, or for each program" },
	{ "argv0", ARGV0, OPTION_RUN, "NAME", "call the command NAME (its argument 0)" },
	{ "backend", BACKEND, OPTION_RUN | OPTION_ENTER, backends,
	  "preload the shim, use mounts, or choose what serves the command" },
	{ "program", PROGRAM, OPTION_PROGRAM, "FILE",
	  "answer for this program, to which sections can apply" },
	{ "format", FORMAT, OPTION_FORMAT, formats, "output format" },
	{ "format", REPORT_FORMAT, OPTION_REPORT, report_formats, "output format" },
	{ "output", OUTPUT, OPTION_REPORT, "FILE", "write the report to FILE" },
	{ "redirect", REDIRECT, OPTION_AUDIT, NULL,
	  "give the command a private /tmp, as run does" },
	{ "attack", ATTACK, OPTION_AUDIT | OPTION_OPTIONAL, "KIND:PATH",
	  "run it again in a private /tmp, with files that others could plant" },
	{ "trace", TRACE, OPTION_AUDIT, "FILE",
	  "keep the trace; without a command, make an empty one" },
	{ "read", READ, OPTION_AUDIT, "FILE",
	  "make the report from this trace, and run nothing" },
	{ "unit", UNIT, OPTION_AUDIT, "UNIT",
	  "print a systemd drop-in that audits a service" },
	{ "fail-on", FAIL_ON, OPTION_REPORT, severities,
	  "exit with 1 if a finding is at least as severe" },
	{ "baseline", BASELINE, OPTION_REPORT, "FILE",
	  "show apart what this JSON or SARIF report has already" },
	{ "suppress", SUPPRESS, OPTION_REPORT, "FILE",
	  "accept findings that a line of FILE matches" },
	{ "format", FORMAT_CHECK, OPTION_CHECK, "text|json|sarif", "output format" },
	{ "dry-run", DRY_RUN, OPTION_SWEEP | OPTION_UNIT | OPTION_WRAP, NULL,
	  "show what would be done, and do nothing" },
	{ "all", ALL, OPTION_SWEEP, NULL, "remove kept sessions, too" },
	{ "own", OWN, OPTION_SWEEP, NULL, "remove only sessions of the caller" },
	{ "timeout", TIMEOUT, OPTION_TIME, "SECONDS",
	  "the time limit for the sessions of each user" },
	{ "tty", TTY, OPTION_ENTER, ttys,
	  "give the command a terminal of its own, or that of the caller" },
	{ "env", ENV, OPTION_ENTER, "NAME[=VALUE]",
	  "pass this variable to the command, too" },
	{ "install", INSTALL, OPTION_UNIT, NULL,
	  "write the drop-in to where systemd looks for it" },
	{ "user", USER, OPTION_UNIT | OPTION_USER, NULL,
	  "units of the service manager of one user" },
	{ "sort", SORT, OPTION_LIST, orders,
	  "list the largest values first; by age, the oldest sessions" },
	{ "watch", WATCH, OPTION_LIST, NULL, "list again every two seconds" },
	{ "force", FORCE, OPTION_UNIT, NULL,
	  "install it although the unit is missing, or keeps the library out" },
	{ "remove", REMOVE, OPTION_UNIT, NULL, "remove what --install has written" },
	{ "undo", UNDO, OPTION_WRAP, NULL, "restore the program" },
	{ "verbose", 'v', OPTION_VERBOSE, NULL, "show what is done" },
	{ "help", 'h', OPTION_COMMON, NULL, "show this" },
	{ "version", 'V', OPTION_COMMON, NULL, "show the version" },
};

enum { ROWS = sizeof rows / sizeof *rows };

static bool knows(const struct command *command, const struct option_row *row)
{
	return row->group & (command->options | OPTION_COMMON);
}

static const struct option_row *row_of(const struct command *command, int value)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].value == value && knows(command, &rows[i]))
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

enum { HELP_AT = 31 }; /* where the texts begin, behind the short options */

void options_help(const struct command *command)
{
	const struct option_row *row = NULL;
	struct fit fit;

	fit_begin(&fit);
	fprintf(fit.out, "Usage: privtmp %s [OPTION]...%s%s\n%s.\n\n", command->name,
		*command->operands ? " " : "", command->operands, command->summary);
	while ((row = options_next(command, row))) {
		const bool optional = row->group & OPTION_OPTIONAL;
		char left[64];
		int len;

		len = snprintf(left, sizeof left, "--%s%s%s%s", row->name,
			       optional	     ? "[=" :
			       row->argument ? " " :
					       "",
			       row->argument ? row->argument : "", optional ? "]" : "");
		fprintf(fit.out, "  %c%c%c %-*s", row->value < 256 ? '-' : ' ',
			row->value < 256 ? row->value : ' ', row->value < 256 ? ',' : ' ',
			HELP_AT, left);
		if (len >= HELP_AT)
			fprintf(fit.out, "\n%*s", HELP_AT + 6, "");
		fprintf(fit.out, "%s\n", row->help);
	}
	fit_end(&fit);
}

void options_complain(const struct command *command, const char *option, const char *what)
{
	char remedy[64];

	snprintf(remedy, sizeof remedy, "see privtmp %s --help", command->name);
	report(option, what, 0, remedy);
}

/* Number I of the options that COMMAND knows. */
static const char *word_of(const void *command, size_t i)
{
	return knows(command, &rows[i]) ? rows[i].name : NULL;
}

/* The long option GIVEN ("--gaurd=x") is unknown to COMMAND. */
static void complain_unknown(const struct command *command, const char *given)
{
	const char *guess;
	char name[64], remedy[128];

	snprintf(name, sizeof name, "%.*s", (int)strcspn(given, "="), given);
	guess = options_guess(name + strspn(name, "-"), word_of, command, ROWS);
	snprintf(remedy, sizeof remedy, "%s%s%ssee privtmp %s --help",
		 guess ? "did you mean --" : "", guess ? guess : "", guess ? "? " : "",
		 command->name);
	report(given, "unknown option", 0, remedy);
}

/* COMMAND cannot take the option that getopt_long(3) has just refused with VALUE. */
static void complain_option(const struct command *command, int value, char *const *argv)
{
	const struct option_row *row = optopt ? row_of(command, optopt) : NULL;
	const char *given = argv[optind - 1];
	char letter[] = { '-', (char)optopt, '\0' };

	if (value == ':')
		options_complain(command, given, "needs an argument");
	else if (row)
		options_complain(command, given, "takes no argument");
	else if (optopt) /* a letter, maybe among others in one word */
		options_complain(command, letter, "unknown option");
	else
		complain_unknown(command, given);
}

int options_written(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	report("standard output", "cannot be written", errno, remedy_of(errno));
	return 1;
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

/* What no path of a policy can have. A drop-in consists of lines, as a lease does. */
static bool has_control(const char *path)
{
	while ((unsigned char)*path >= ' ')
		path++;
	return *path != '\0';
}

/* Whether PATH, an absolute one, is "/" however it is written. */
static bool is_top(const struct text *path)
{
	static char room[PATH_MAX];

	return path->len < sizeof room && !policy_plain_path(path, room, sizeof room);
}

/*
 * Whether PATH is there, and no directory. What lies in a directory that all share is not
 * looked at: anyone can make it, and it is private anyway.
 */
static bool is_other_file(const char *path)
{
	struct stat st;

	return strncmp(path, "/tmp/", 5) != 0 && strncmp(path, "/var/tmp/", 9) != 0 &&
	       stat(path, &st) == 0 && !S_ISDIR(st.st_mode);
}

/*
 * Adds ELEMENT to the colon list that *SETTING holds, in ROOM. An empty one
 * drops all that came before it.
 */
static const char *add_element(const char **setting, char *room, const char *element)
{
	size_t len;

	if (strchr(element, ':'))
		return "has a colon in it; give each path an option of its own";
	if (*element && element[0] != '/')
		return "is not an absolute path; begin it with /";
	if (!*element) {
		strcpy(room, ":");
	} else {
		if (*setting != room)
			snprintf(room, OPTIONS_LIST, "%s", *setting ? *setting : "");
		len = strlen(room);
		if (len + 1 + strlen(element) >= OPTIONS_LIST)
			return "does not fit into the list; name fewer";
		if (len && room[len - 1] != ':')
			room[len++] = ':';
		strcpy(room + len, element);
	}
	*setting = room;
	return NULL;
}

/* Puts the setting KEY into OUT. Returns what is wrong with it, or NULL. */
static const char *take_setting(enum setting key, const char *argument,
				struct options *out)
{
	const char **member = settings_member(&out->settings, key);
	const enum setting_kind kind = policy_settings[key].kind;
	unsigned long long size;
	struct text text;

	if (!argument) /* of those that may do without */
		argument = "yes";
	text = (struct text){ argument, strlen(argument) };
	if (kind == KIND_SIZE && !policy_size(&text, &size))
		return "is not a size";
	if ((kind == KIND_DIR || (kind == KIND_DIRS && *argument)) && !is_plain(argument))
		return "is not an absolute path without ..; name the directory from / on";
	if ((kind == KIND_DIR || setting_is_list(key)) && has_control(argument))
		return "has a control character in it; name another path";
	if ((kind == KIND_DIR || (kind == KIND_DIRS && *argument)) && is_top(&text))
		return "is the root directory; name a directory in it";
	if (kind == KIND_DIRS && is_other_file(argument))
		return "is not a directory; name the directory that it is in";
	if (setting_is_list(key))
		return add_element(member, out->list[setting_list(key)], argument);
	*member = argument;
	return NULL;
}

/* Seconds, as the message shows them: a day. */
#define TIMEOUT_MOST 86400
#define TEXT_OF(macro) TEXT_OF_WORD(macro)
#define TEXT_OF_WORD(word) #word

static const char *take_timeout(struct options *out, const char *argument)
{
	char *end;
	long seconds = strtol(argument, &end, 10);

	if (end == argument || *end || seconds < 1 || seconds > TIMEOUT_MOST)
		return "is no number of seconds; use one from 1 to " TEXT_OF(
			TIMEOUT_MOST);
	out->timeout = (int)seconds;
	return NULL;
}

static const char *take_variable(struct options *out, const char *argument)
{
	if (!*argument || *argument == '=')
		return "has no name; write NAME or NAME=VALUE";
	if (out->envs == OPTIONS_ENVS)
		return "is one too many; name fewer variables";
	out->env[out->envs++] = argument;
	return NULL;
}

/* Puts one option into OUT. Returns what is wrong with it and the remedy, or NULL. */
static const char *take_option(int value, const char *argument, struct options *out)
{
	if (value >= OF_SETTINGS && value < OF_SETTINGS + SETTINGS)
		return take_setting((enum setting)(value - OF_SETTINGS), argument, out);
	switch (value) {
	case FORMAT:
	case FORMAT_CHECK:
		out->format = argument;
		out->json = !strcmp(argument, "json");
		break;
	case REPORT_FORMAT: out->format = argument; break;
	case OUTPUT: out->output = argument; break;
	case TRACE: out->trace = argument; break;
	case READ: out->read = argument; break;
	case UNIT: out->unit = argument; break;
	case REDIRECT: out->redirect = true; break;
	case ATTACK: out->attack = argument ? argument : ""; break;
	case FAIL_ON: out->fail_on = argument; break;
	case BASELINE: out->baseline = argument; break;
	case SUPPRESS: out->suppress = argument; break;
	case BACKEND:
		out->backend =
			(enum backend)policy_word(backends, argument, strlen(argument));
		break;
	case ARGV0: out->argv0 = argument; break;
	case INSTALL: out->install = true; break;
	case USER: out->user = true; break;
	case REMOVE:
	case UNDO: out->remove = true; break;
	case PROGRAM: out->program = argument; break;
	case DRY_RUN: out->dry_run = true; break;
	case FORCE: out->force = true; break;
	case SORT: out->sort = argument; break;
	case WATCH: out->watch = true; break;
	case ALL: out->all = true; break;
	case OWN: out->own = true; break;
	case TIMEOUT: return take_timeout(out, argument);
	case TTY: out->inherit_tty = !strcmp(argument, "inherit"); break;
	case ENV: return take_variable(out, argument);
	case 'v': out->verbose = true; break;
	default: break;
	}
	return NULL;
}

/* What is wrong with ARGUMENT, which is none of the words of COMMAND's ROW. */
static const char *wrong_word(const struct command *command, const struct option_row *row,
			      const char *argument)
{
	static char text[64];
	const int key = row->value - OF_SETTINGS;
	const char *words = key >= 0 && key < SETTINGS ? policy_settings[key].words :
							 NULL;

	if (!words || policy_word(words, argument, strlen(argument)) < 0)
		return "unknown word";
	snprintf(text, sizeof text, "is not for %s", command->name);
	return text;
}

/* Complains about OPTION's argument. */
static void complain_argument(const struct option_row *row, const char *argument,
			      const char *what)
{
	const int key = row->value - OF_SETTINGS;
	const char *remedy = NULL;
	char option[128], words[128];

	snprintf(option, sizeof option, "--%s %s", row->name,
		 *argument ? argument : "''");
	if (option_words(row)) {
		policy_say_words(row->argument, words, sizeof words);
		remedy = words;
	} else if (key >= 0 && key < SETTINGS && policy_settings[key].kind == KIND_SIZE) {
		remedy = setting_remedy((enum setting)key);
	}
	report(option, what, 0, remedy);
}

static bool is_word(const struct option_row *row, const char *argument)
{
	return !option_words(row) ||
	       policy_word(row->argument, argument, strlen(argument)) >= 0;
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
			.has_arg = rows[i].group & OPTION_OPTIONAL ? optional_argument :
				   rows[i].argument		   ? required_argument :
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

	out->command = command;
	if (!(command->options & OPTION_ALONE))
		settings_from_environment(environ, &out->settings);
	out->format = "text";
	make_vectors(command, longs, shorts);
	opterr = 0;
	*status = command->usage_status;
	while ((value = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		const struct option_row *row = row_of(command, value);
		const char *wrong;

		if (!row) {
			complain_option(command, value, argv);
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
				wrong_word(command, row, optarg) :
				take_option(value, optarg, out);
		if (wrong) {
			complain_argument(row, optarg, wrong);
			return -1;
		}
	}
	return optind;
}
