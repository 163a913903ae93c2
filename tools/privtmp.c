/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * privtmp: runs programs with a private /tmp, and looks after what that
 * leaves in the world. Here is the way to the subcommands only.
 */
#include "completion.h"
#include "gen/covered.h"
#include "core/report.h"
#include "tool.h"

#include <stdio.h>
#include <string.h>

/* By this the shim knows the project's own tools and stands aside. */
extern const char privtmp_tool;
const char privtmp_tool __attribute__((used, visibility("default"))) = 1;

static const struct command commands[] = {
	{ "run", "[--] COMMAND [ARG]...",
	  "Run COMMAND with a private /tmp, and return when that is gone",
	  OPTION_SESSION | OPTION_RUN | OPTION_VERBOSE, STATUS_PRIVTMP, true, tool_run },
	{ "explain", "PATH...", "Say where a path would lead under privtmp, and why",
	  OPTION_SESSION | OPTION_FORMAT | OPTION_PROGRAM, STATUS_USAGE, false,
	  tool_explain },
	{ "check-config", "[FILE]...",
	  "Name the mistakes in the configuration, or in FILEs", 0, STATUS_USAGE, false,
	  tool_check_config },
	{ "doctor", "[DIRECTORY]...",
	  "Look whether what was set up on this machine is in effect",
	  OPTION_FORMAT | OPTION_USER | OPTION_VERBOSE, STATUS_USAGE, false,
	  tool_doctor },
	{ "list", "", "List the sessions that are there, with their members",
	  OPTION_WHERE | OPTION_FORMAT | OPTION_TIME, STATUS_USAGE, false, tool_list },
	{ "status", "PID|UNIT|COMMAND...",
	  "Say whether something has a private /tmp, by what, and if not why",
	  OPTION_WHERE | OPTION_FORMAT | OPTION_USER, STATUS_USAGE, false, tool_status },
	{ "enter", "SESSION|PID [--] [COMMAND [ARG]...]",
	  "Run COMMAND, or a shell, inside a live session",
	  OPTION_WHERE | OPTION_ENTER | OPTION_VERBOSE, STATUS_PRIVTMP, true,
	  tool_enter },
	{ "sweep", "", "Remove what the dead left",
	  OPTION_WHERE | OPTION_SWEEP | OPTION_TIME | OPTION_VERBOSE, STATUS_USAGE, false,
	  tool_sweep },
	{ "unit", "UNIT", "Print a systemd drop-in that gives a service a private /tmp",
	  OPTION_SESSION | OPTION_ALONE | OPTION_UNIT, STATUS_USAGE, false, tool_unit },
	{ "wrap", "FILE...", "Put a launch script in the place of a program",
	  OPTION_SESSION | OPTION_ALONE | OPTION_WRAP, STATUS_USAGE, false, tool_wrap },
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static void help(void)
{
	puts("Usage: privtmp SUBCOMMAND [OPTION]... [OPERAND]...\n"
	     "A private, self-removing /tmp for programs that cannot be "
	     "changed.\n");
	for (size_t i = 0; i < COMMANDS; i++)
		printf("  %-12s  %s\n", commands[i].name, commands[i].summary);
	puts("\nprivtmp SUBCOMMAND --help shows its options;\n"
	     "privtmp --version --verbose, which libc functions are covered;\n"
	     "privtmp --completion bash|zsh|fish writes what completes them.");
}

/* What the shim that this was built with covers, and what it leaves to libc. */
static void list_covered(void)
{
	puts("\nFunctions whose paths are led into the private directories:");
	for (const char *const *name = covered_functions; *name; name++)
		printf("  %s\n", *name);
	puts("\nFunctions that need nothing, and why:");
	for (const struct covered_reviewed *r = covered_reviewed; r->name; r++)
		printf("  %-24s %s\n", r->name, r->reason);
}

int main(int argc, char **argv)
{
	/* Lists of paths are long: not on the stack. */
	static struct options options;
	const char *name = argc > 1 ? argv[1] : "";

	for (size_t i = 0; i < COMMANDS; i++) {
		const struct command *command = &commands[i];
		int status, first;

		if (strcmp(name, command->name) != 0)
			continue;
		first = options_parse(command, argc - 1, argv + 1, &options, &status);
		if (first < 0)
			return status;
		return command->main(&options, argc - 1 - first, argv + 1 + first);
	}
	if (!strcmp(name, "--help") || !strcmp(name, "-h")) {
		help();
		return options_written(0);
	}
	if (!strcmp(name, "--version") || !strcmp(name, "-V")) {
		printf("privtmp %s\n", VERSION);
		if (argc > 2 && !strcmp(argv[2], "--verbose"))
			list_covered();
		return options_written(0);
	}
	if (!strcmp(name, "--completion"))
		return completion(commands, COMMANDS, argc > 2 ? argv[2] : "");
	report(*name ? name : NULL, *name ? "unknown subcommand" : "no subcommand given",
	       0, "see privtmp --help");
	return STATUS_USAGE;
}
