/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Entry point of the differential driver: options, scripts, one step at a time. */
#define _GNU_SOURCE
#include "driver.h"

#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct call *const families[] = {
	calls_open, calls_meta, calls_tree,   calls_names,  calls_temp, calls_walk,
	calls_exec, calls_sock, calls_number, calls_legacy, calls_misc, calls_control,
};

const struct call *call_find(const char *name)
{
	for (size_t f = 0; f < sizeof families / sizeof *families; f++)
		for (const struct call *c = families[f]; c->name; c++)
			if (strcmp(c->name, name) == 0)
				return c;
	return NULL;
}

static void run_words(struct args *a)
{
	int target = -1;
	int skip = 0;
	if (sscanf(a->word[0], "r%d=", &target) == 1 && target >= 0 && target < REGISTERS)
		skip++;
	int at = skip;
	skip += apart_words(a, at);
	const struct call *call = skip < a->count ? call_find(a->word[skip]) : NULL;
	if (!call) {
		/* A misspelt step would agree on both sides: stop instead. */
		fprintf(stderr, "driver: no such call: %s\n",
			skip < a->count ? a->word[skip] : "");
		exit(3);
	}
	/* What a comparison is not to do: see run. */
	const char *left_out = getenv("DIFF_LEFT_OUT");
	if (left_out && strcmp(left_out, call->name) == 0) {
		out(" left out");
		return;
	}
	struct args rest = { 0 };
	for (int i = skip + 1; i < a->count; i++)
		rest.word[rest.count++] = a->word[i];
	if (skip > at)
		apart_run(a, at, call, &rest);
	else
		call->run(&rest);
	if (target >= 0)
		registers[target] = last_result();
}

static sigjmp_buf out_of_step;

/* A crash or a hang is the result of its step; the others still run. */
static void crashed(int number)
{
	siglongjmp(out_of_step, number);
}

static void catch_crashes(void)
{
	static const int numbers[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGALRM };
	struct sigaction action = { .sa_handler = crashed, .sa_flags = SA_NODEFER };
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		sigaction(numbers[i], &action, NULL);
}

/* Prints the step, runs it, prints what came of it, all on one line. */
void step_run(char *line)
{
	out("%s :", line);
	struct args a;
	alarm(STEP_SECONDS);
	int number = sigsetjmp(out_of_step, 0);
	if (number != 0)
		out(" crashed: signal %d", number);
	else if (split(line, &a) > 0)
		run_words(&a);
	out("\n");
}

static int script_run(const char *file)
{
	FILE *f = strcmp(file, "-") == 0 ? stdin : fopen(file, "re");
	if (!f) {
		perror(file);
		return 3;
	}
	char *line = NULL;
	size_t size = 0;
	ssize_t length;
	/* All of it first: steps may close or reuse any descriptor. */
	char *all = NULL;
	size_t used = 0;
	while ((length = getline(&line, &size, f)) > 0) {
		all = realloc(all, used + (size_t)length + 1);
		if (!all)
			return 3;
		memcpy(all + used, line, (size_t)length + 1);
		used += (size_t)length;
	}
	free(line);
	if (f != stdin)
		fclose(f);
	if (!all)
		return 3;
	char *save = NULL;
	for (char *l = strtok_r(all, "\n", &save); l; l = strtok_r(NULL, "\n", &save))
		if (*l != '#')
			step_run(l);
	free(all);
	return 0;
}

static int usage(void)
{
	fputs("usage: driver script FILE... | table SHAPES TEMPLATES SAMPLE [ONLY]"
	      " | random TEMPLATES SEED STEPS [BLOCK] | calls\n",
	      stderr);
	return 2;
}

static int list_calls(void)
{
	for (size_t f = 0; f < sizeof families / sizeof *families; f++)
		for (const struct call *c = families[f]; c->name; c++)
			puts(c->name);
	return 0;
}

/* It makes and removes what it likes, in "/" and /tmp: of a world, not of the machine. */
static int at_home(void)
{
	fprintf(stderr, "driver: not in a world of its own: use tests/diff/run\n");
	return 2;
}

int main(int argc, char **argv)
{
	int status = 0;
	catch_crashes();
	if (argc >= 2 && strcmp(argv[1], "calls") != 0 && strcmp(argv[0], "/driver") != 0)
		status = at_home();
	else if (argc >= 3 && strcmp(argv[1], "script") == 0)
		for (int i = 2; i < argc && status == 0; i++)
			status = script_run(argv[i]);
	else if (argc >= 5 && strcmp(argv[1], "table") == 0)
		status = table_run(argv[2], argv[3], argc > 5 ? argv[5] : NULL,
				   strtoul(argv[4], NULL, 10));
	else if (argc >= 5 && strcmp(argv[1], "random") == 0)
		status = random_run(argv[2], strtoul(argv[3], NULL, 0), atol(argv[4]),
				    argc > 5 ? atol(argv[5]) : -1);
	else if (argc == 2 && strcmp(argv[1], "calls") == 0)
		status = list_calls();
	else
		status = usage();
	out_flush();
	return status;
}
