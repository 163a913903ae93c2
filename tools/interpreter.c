/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Running as the interpreter of a script; see interpreter.h. */
#include "interpreter.h"
#include "plain.h"
#include "policy/text.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

/* Reads the first line behind "#!". False: PATH is no script. */
static bool read_line(const char *path, char *line, size_t size)
{
	FILE *file = plain_open_large(path);
	bool script = file && fgets(line, (int)size, file) && !strncmp(line, "#!", 2);

	if (file)
		fclose(file);
	return script;
}

static bool is_tool(const char *word)
{
	return !strcmp(text_base(word), "privtmp");
}

static char *next_word(char **at)
{
	char *word = strsep(at, " \t\n");

	while (word && !*word)
		word = strsep(at, " \t\n");
	return word;
}

bool interpreter_runs(const char *path)
{
	char line[PATH_MAX], *at = line + 2, *word;

	if (!read_line(path, line, sizeof line))
		return false;
	word = next_word(&at);
	if (word && is_tool(word)) {
		/* What is behind it the kernel passes as one word. */
		word = next_word(&at);
		return word && !strcmp(word, "run") && !next_word(&at);
	}
	if (!word || strcmp(text_base(word), "env") != 0)
		return false;
	word = next_word(&at);
	if (!word || strcmp(word, "-S") != 0)
		return false;
	word = next_word(&at);
	if (!word || !is_tool(word))
		return false;
	word = next_word(&at);
	return word && !strcmp(word, "run");
}

/*
 * Whether the words behind "privtmp" in LINE are SUBCOMMAND and those before ARGV; compares
 * the last ones first.
 */
static bool is_own_line(char *line, const char *subcommand, char **argv)
{
	char *words[64], *at = line + 2;
	int n = 0, tool = -1;

	for (char *word; n < 64 && (word = next_word(&at));) {
		if (tool < 0 && is_tool(word))
			tool = n;
		words[n++] = word;
	}
	if (tool < 0 || tool + 1 >= n || strcmp(words[tool + 1], subcommand) != 0)
		return false;
	for (int i = n - 1, before = 1; i > tool; i--, before++)
		if (strcmp(argv[-before], words[i]) != 0)
			return false;
		else if (i > tool + 1 && !strcmp(argv[-before], subcommand))
			return false; /* the words before SUBCOMMAND are unknown */
	return true;
}

/*
 * Web servers run a CGI script by its name, in its directory. If the kernel has
 * executed it, it is not searched along PATH.
 */
static char *script_here(char *name)
{
	const char *run = (const char *)getauxval(AT_EXECFN);
	char *here = NULL;

	if (!*name || strchr(name, '/') || !run || strcmp(run, name) != 0)
		return name;
	return asprintf(&here, "./%s", name) < 0 ? name : here;
}

char **interpreter_argv(const char *subcommand, char **argv)
{
	char line[PATH_MAX], **shell;
	size_t n = 0;

	argv[0] = script_here(argv[0]);
	if (!strchr(argv[0], '/') || !read_line(argv[0], line, sizeof line) ||
	    !is_own_line(line, subcommand, argv))
		return argv;
	while (argv[n])
		n++;
	shell = calloc(n + 2, sizeof *shell);
	if (!shell)
		return NULL;
	shell[0] = (char *)"/bin/sh";
	memcpy(shell + 1, argv, n * sizeof *argv);
	return shell;
}
