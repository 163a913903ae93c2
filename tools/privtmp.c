/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * privtmp: runs programs with a private /tmp, and manages their sessions. This file
 * only selects the subcommand.
 */
#include "completion.h"
#include "fit.h"
#include "gen/covered.h"
#include "core/report.h"
#include "tool.h"
#include "mark.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

static const struct command commands[] = {
	{ "run", "[--] COMMAND [ARG]...",
	  "Run COMMAND with a private /tmp, and return when it is removed",
	  OPTION_SESSION | OPTION_RUN | OPTION_VERBOSE, STATUS_PRIVTMP, true, tool_run },
	{ "audit", "[--] COMMAND [ARG]...", "Run COMMAND, and report unsafe uses of /tmp",
	  OPTION_SESSION | OPTION_REPORT | OPTION_AUDIT, STATUS_PRIVTMP, true,
	  tool_audit },
	{ "explain", "PATH...", "Say where a path would lead under privtmp, and why",
	  OPTION_SESSION | OPTION_FORMAT | OPTION_PROGRAM, STATUS_USAGE, false,
	  tool_explain },
	{ "check", "FILE|DIR...",
	  "Say whether the shim fully covers programs, and run nothing",
	  OPTION_CHECK | OPTION_VERBOSE, STATUS_USAGE, false, tool_check },
	{ "check-config", "[FILE]...",
	  "Name the mistakes in the configuration, or in FILE", 0, STATUS_USAGE, false,
	  tool_check_config },
	{ "doctor", "[DIRECTORY]...",
	  "Test whether the setup of this machine is in effect",
	  OPTION_FORMAT | OPTION_USER | OPTION_VERBOSE, STATUS_USAGE, false,
	  tool_doctor },
	{ "list", "", "List the sessions and their members",
	  OPTION_WHERE | OPTION_FORMAT | OPTION_TIME | OPTION_LIST, STATUS_USAGE, false,
	  tool_list },
	{ "status", "PID|UNIT|COMMAND...",
	  "Say whether something has a private /tmp, by which door or why not",
	  OPTION_WHERE | OPTION_FORMAT | OPTION_USER, STATUS_USAGE, false, tool_status },
	{ "enter", "SESSION|PID [--] [COMMAND [ARG]...]",
	  "Run COMMAND, or a shell, inside a live session",
	  OPTION_WHERE | OPTION_ENTER | OPTION_VERBOSE, STATUS_PRIVTMP, true,
	  tool_enter },
	{ "sweep", "", "Remove sessions without members",
	  OPTION_WHERE | OPTION_SWEEP | OPTION_TIME | OPTION_VERBOSE, STATUS_USAGE, false,
	  tool_sweep },
	{ "unit", "UNIT", "Print a systemd drop-in that gives a service a private /tmp",
	  OPTION_SESSION | OPTION_ALONE | OPTION_UNIT, STATUS_USAGE, false, tool_unit },
	{ "wrap", "FILE...", "Replace a program by a launch script",
	  OPTION_SESSION | OPTION_ALONE | OPTION_WRAP, STATUS_USAGE, false, tool_wrap },
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static void help(void)
{
	struct fit fit;

	fit_begin(&fit);
	fputs("Usage: privtmp SUBCOMMAND [OPTION]... [OPERAND]...\n"
	      "A private, self-removing /tmp for programs that cannot be "
	      "changed.\n\n",
	      fit.out);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(fit.out, "  %-12s  %s\n", commands[i].name, commands[i].summary);
	fputs("\nprivtmp SUBCOMMAND --help, or privtmp help SUBCOMMAND, shows its options;\n"
	      "privtmp --version --verbose, which libc functions are covered;\n"
	      "privtmp --completion bash|zsh|fish writes a completion script.\n",
	      fit.out);
	fit_end(&fit);
}

/* Writes which functions the shim covers, and which it leaves to libc. */
static void list_covered(void)
{
	puts("\nFunctions whose paths are led into the private directories:");
	for (const char *const *name = covered_functions; *name; name++)
		printf("  %s\n", *name);
	puts("\nFunctions that need nothing, and why:");
	for (const struct covered_reviewed *r = covered_reviewed; r->name; r++)
		printf("  %-24s %s\n", r->name, r->reason);
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (!strcmp(name, commands[i].name))
			return &commands[i];
	return NULL;
}

/* Words for options, not subcommands. */
static const char *const words[] = { "help", "version" };

static const char *word_of(const void *arg, size_t i)
{
	(void)arg;
	return i < COMMANDS ? commands[i].name : words[i - COMMANDS];
}

/*
 * "#!/usr/bin/privtmp run perl" in a script: the kernel passes all words after the
 * interpreter as one.
 */
static bool is_first_line(const char *name)
{
	char word[32];

	snprintf(word, sizeof word, "%.*s", (int)strcspn(name, " \t"), name);
	return name[strlen(word)] && find_command(word);
}

static int complain(const char *name)
{
	const size_t n = COMMANDS + sizeof words / sizeof *words;
	const char *guess = options_guess(name, word_of, NULL, n);
	char text[512];

	if (is_first_line(name)) {
		snprintf(text, sizeof text,
			 "write #!/usr/bin/env -S privtmp %s as the script's first line",
			 name);
		report(name,
		       "one word, because the kernel passes the rest of a first line as one",
		       0, text);
		return strncmp(name, "run", 3) ? STATUS_USAGE : STATUS_PRIVTMP;
	}
	snprintf(text, sizeof text, "%s%s%ssee privtmp --help",
		 guess ? "did you mean " : "", guess ? guess : "", guess ? "? " : "");
	report(*name ? name : NULL,
	       !*name	    ? "no subcommand given" :
	       *name == '-' ? "unknown option" :
			      "unknown subcommand",
	       0, text);
	return STATUS_USAGE;
}

static int run_command(const struct command *command, int argc, char **argv)
{
	/* Large, so not on the stack. */
	static struct options options;
	int status, first = options_parse(command, argc, argv, &options, &status);

	if (first < 0)
		return status;
	return command->main(&options, argc - first, argv + first);
}

static bool asks_help(const char *word)
{
	return !strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "help");
}

static bool asks_version(const char *word)
{
	return !strcmp(word, "--version") || !strcmp(word, "-V") ||
	       !strcmp(word, "version");
}

static int show_help(const char *about)
{
	const struct command *command = find_command(about);

	/* "help" and "version" are words of the help without a subcommand. */
	if (*about && !command && !asks_help(about) && !asks_version(about))
		return complain(about);
	if (command)
		options_help(command);
	else
		help();
	return options_written(0);
}

static int show_version(bool verbose)
{
	printf("privtmp %s\n", VERSION);
	if (verbose)
		list_covered();
	return options_written(0);
}

/*
 * Standard streams that are closed: nothing that is opened here must get their numbers, as
 * a report would be written to it. They stay such that reading and writing fails with
 * EBADF, and are closed again for the command.
 */
static void reserve_streams(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", (fd ? O_RDONLY : O_WRONLY) | O_CLOEXEC) < 0)
			return;
}

static bool is_verbose(const char *word)
{
	return !strcmp(word, "--verbose") || !strcmp(word, "-v");
}

/* NAME is no subcommand. NEXT and EXTRA are the words behind it, or empty. */
static int answer(const char *name, const char *next, const char *extra)
{
	const bool about = !strcmp(name, "help"), helps = !about && asks_help(name);
	const bool version = asks_version(name);

	if ((about || version) && asks_help(next) && !*extra)
		return show_help("");
	if (helps || (version && !is_verbose(next)))
		extra = next;
	if (!helps && !version && !about && strcmp(name, "--completion") &&
	    strcmp(name, "--complete"))
		return complain(name);
	if (*extra) {
		report(extra, "one word too many", 0, "see privtmp --help");
		return STATUS_USAGE;
	}
	if (helps)
		return show_help("");
	if (version)
		return show_version(is_verbose(next));
	if (about)
		return show_help(next);
	return !strcmp(name, "--completion") ? completion(commands, COMMANDS, next) :
					       completion_words(next);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	const struct command *command = find_command(name);

	reserve_streams();
	return command ? run_command(command, argc - 1, argv + 1) :
			 answer(name, argc > 2 ? argv[2] : "", argc > 3 ? argv[3] : "");
}
